package dev.rouse.devcluster.node.container;

import java.util.Map;

/**
 * Kubernetes' {@code $(NAME)} references: a known name becomes its value, an unknown one stays as
 * it is, {@code $$} is a dollar sign.
 */
public record VariableExpansion(Map<String, String> variables) {

  public String expand(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != '$' || at + 1 == text.length()) {
        out.append(c);
        at++;
      } else if (text.charAt(at + 1) == '$') {
        out.append('$');
        at += 2;
      } else {
        at = expandReference(text, at, out);
      }
    }
    return out.toString();
  }

  private int expandReference(String text, int at, StringBuilder out) {
    int close = text.charAt(at + 1) == '(' ? text.indexOf(')', at + 2) : -1;
    if (close < 0) {
      out.append('$');
      return at + 1;
    }
    String value = variables.get(text.substring(at + 2, close));
    out.append(value == null ? text.substring(at, close + 1) : value);
    return close + 1;
  }
}
