package miroir.server.alerts;

import java.time.Instant;

/** A problem, and when it was first seen. */
record Standing(Problem problem, Instant since) {}
