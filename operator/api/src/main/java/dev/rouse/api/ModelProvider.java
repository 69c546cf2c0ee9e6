package dev.rouse.api;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A place that answers model requests, and the key to it. */
@Group(Rouse.GROUP)
@Version(Rouse.VERSION)
@Kind("ModelProvider")
@Singular("modelprovider")
@Plural("modelproviders")
@ShortNames("agtprov")
public class ModelProvider extends CustomResource<ModelProviderSpec, ModelProviderStatus>
    implements Namespaced {}
