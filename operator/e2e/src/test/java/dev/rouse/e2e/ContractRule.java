package dev.rouse.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One rule of the public contract in our own words, from {@code contract-rules.txt}.
 *
 * @param group title of the table that it stands in
 * @param section of the contract
 * @param method that it is about; {@code any} for every call
 * @param id what tests bear as a tag behind {@code contract-}
 * @param text the rule
 * @param missing what it waits for; empty if it holds
 */
record ContractRule(
    String group, String section, String method, String id, String text, String missing) {

  static List<ContractRule> all(Path root) throws IOException {
    List<ContractRule> rules = new ArrayList<>();
    String group = "";
    for (String line :
        Files.readAllLines(root.resolve("operator/e2e/src/test/resources/contract-rules.txt"))) {
      if (line.startsWith("## ")) {
        group = line.substring(3);
      } else if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.split("\\|", -1);
        if (parts.length != 5) {
          throw new IllegalStateException("a rule has five parts: " + line);
        }
        rules.add(new ContractRule(group, parts[0], parts[1], parts[2], parts[3], parts[4]));
      }
    }
    return rules;
  }
}
