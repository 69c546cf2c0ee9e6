package dev.rouse.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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

  /**
   * What keeps the rules from being told of: each is shown by a test, or says what it waits for.
   *
   * @param tags what tests bear behind {@code contract-}
   * @return for people: names the rule and the way out
   */
  static List<String> faults(List<ContractRule> rules, Set<String> tags) {
    List<String> faults = new ArrayList<>();
    Set<String> stray = new TreeSet<>(tags);
    Set<String> ids = new TreeSet<>();
    for (ContractRule rule : rules) {
      String id = rule.id();
      boolean waits = !rule.missing().isBlank();
      stray.remove(id);
      if (!ids.add(id)) {
        faults.add(id + " is the id of two rules: rename one in contract-rules.txt");
      }
      if (tags.contains(id) && waits) {
        faults.add(id + " is shown by a test: take what it waits for out of contract-rules.txt");
      }
      if (!tags.contains(id) && !waits) {
        faults.add(
            ("%s has neither a test nor a reason: give the test that shows it @Tag(\"contract-%s\"),"
                    + " or say at the end of its line in contract-rules.txt what it waits for")
                .formatted(id, id));
      }
    }
    for (String tag : stray) {
      faults.add(
          "%s is no rule: add its line to contract-rules.txt, or correct the tag contract-%s"
              .formatted(tag, tag));
    }
    return faults;
  }
}
