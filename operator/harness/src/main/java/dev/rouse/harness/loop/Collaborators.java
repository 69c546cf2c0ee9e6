package dev.rouse.harness.loop;

import dev.rouse.session.Ids;
import java.util.random.RandomGenerator;

/** What the parts of one brain share. */
record Collaborators(
    Journal journal,
    Appender appender,
    Questions questions,
    Ending ending,
    Ids ids,
    Timing timing,
    RandomGenerator random) {}
