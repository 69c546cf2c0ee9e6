package dev.rouse.cli;

/** A ServiceAccount, as people write it: {@code [NAMESPACE/]NAME}. */
record AccountName(String namespace, String name) {

  static AccountName of(String text, String defaultNamespace) {
    int slash = text.indexOf('/');
    AccountName account =
        slash < 0
            ? new AccountName(defaultNamespace, text)
            : new AccountName(text.substring(0, slash), text.substring(slash + 1));
    if (account.namespace.isEmpty() || account.name.isEmpty() || account.name.contains("/")) {
      throw new CliException("\"" + text + "\" is no ServiceAccount: write NAMESPACE/NAME");
    }
    return account;
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
