{{/* Labels of an object. @param root @param component */}}
{{- define "rouse.labels" -}}
{{ include "rouse.selector" . }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* What pods are found by; kubectl rouse knows these, too. @param component */}}
{{- define "rouse.selector" -}}
app.kubernetes.io/name: rouse
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* An image with registry and tag or digest. @param root @param name */}}
{{- define "rouse.image" -}}
{{- $image := get .root.Values.images .name -}}
{{- $repository := $image.repository -}}
{{- with .root.Values.imageRegistry }}{{ $repository = printf "%s/%s" (trimSuffix "/" .) $image.repository }}{{ end -}}
{{- if $image.digest -}}
{{ printf "%s@%s" $repository $image.digest }}
{{- else -}}
{{ printf "%s:%s" $repository ($image.tag | default .root.Chart.AppVersion) }}
{{- end -}}
{{- end }}

{{/* Settings as environment variables. */}}
{{- define "rouse.env" -}}
{{- range $name, $value := . }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end }}

{{/* A pod's own part of the restricted level. The user is one that exists in no image: nothing in one belongs to it. */}}
{{- define "rouse.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* A container's part of the restricted level. */}}
{{- define "rouse.security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Everything of a pod that does not depend on what it runs. @param root @param values of the component @param component */}}
{{- define "rouse.podSpec" -}}
serviceAccountName: rouse-{{ .component }}
# It talks to the Kubernetes API.
automountServiceAccountToken: true
enableServiceLinks: false
securityContext:
  {{- include "rouse.podSecurity" . | nindent 2 }}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
# Apart where there is room: the loss of a node is not the loss of all.
topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - topologyKey: {{ . }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "rouse.selector" $ | nindent 8 }}
  {{- end }}
{{- end }}

{{/* Labels and annotations of a pod. @param root @param values @param component */}}
{{- define "rouse.podMeta" -}}
labels:
  {{- toYaml (merge (include "rouse.labels" . | fromYaml) .values.podLabels) | nindent 2 }}
{{- with .values.podAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* At most one pod at a time goes by somebody's wish; a broken one holds up no drain. @param root @param component */}}
{{- define "rouse.disruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: rouse-{{ .component }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "rouse.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "rouse.selector" . | nindent 6 }}
{{- end }}

{{/* Where brains and the test find the server. */}}
{{- define "rouse.serverUrl" -}}
https://rouse-server.{{ .Release.Namespace }}.svc{{ with int .Values.server.service.port }}{{ if ne . 443 }}:{{ . }}{{ end }}{{ end }}
{{- end }}

{{/*
An object of a file, with labels. Where Rouse serves some namespaces only, what is said of the whole cluster is said of
each of them. @param root @param object @param component @param annotations if any
*/}}
{{- define "rouse.granted" -}}
{{- $namespaces := .root.Values.watchNamespaces -}}
{{- $object := .object -}}
{{- $labels := include "rouse.labels" . | fromYaml -}}
{{- $_ := set $object.metadata "labels" (merge $labels (default dict $object.metadata.labels)) -}}
{{- with .annotations }}{{ $_ := set $object.metadata "annotations" . }}{{ end -}}
{{- if and $namespaces (has $object.metadata.name (list "rouse-operator" "rouse-server" "rouse-uninstall")) (hasPrefix "ClusterRole" $object.kind) -}}
{{- $_ := set $object "kind" (trimPrefix "Cluster" $object.kind) -}}
{{- with $object.roleRef }}{{ $_ := set . "kind" "Role" }}{{ end -}}
{{- range $namespaces }}
{{- $_ := set $object.metadata "namespace" . }}
---
{{ toYaml $object }}
{{- end }}
{{- else }}
---
{{ toYaml $object }}
{{- end }}
{{- end }}
