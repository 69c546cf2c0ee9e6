package dev.rouse.devcluster.process;

/**
 * How a process ended.
 *
 * @param code 0 to 127 as the program chose, 128 + n when signal n ended it
 */
public record ExitStatus(int code) {

  public boolean isSuccess() {
    return code == 0;
  }

  /** In words that follow the name of the process: "ended with status 1". */
  @Override
  public String toString() {
    return code > 128 ? "was ended by signal " + (code - 128) : "ended with status " + code;
  }
}
