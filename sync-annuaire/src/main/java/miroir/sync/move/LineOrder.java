package miroir.sync.move;

import java.time.Instant;
import miroir.storage.MovedVersion;
import org.jspecify.annotations.Nullable;

/**
 * The order of the lines of one type, over all of its files: by id, then by version, each once; so nothing has to be kept to know that nothing comes twice. Counts as it goes.
 */
final class LineOrder {
    private final Instant asOf;
    private @Nullable MovedVersion last;
    private long resources;
    private long deleted;
    private long versions;

    LineOrder(Instant asOf) {
        this.asOf = asOf;
    }

    /** Takes the next. */
    void next(MovedVersion version) {
        if (version.erased()) {
            throw new VersionLineReader.Wrong("is what an erasure left; those have a file of their own");
        }
        if (version.from().isAfter(asOf)) {
            throw new VersionLineReader.Wrong("began at " + version.from() + ", after the instant of the export");
        }
        if (version.to() != null && version.to().isAfter(asOf)) {
            throw new VersionLineReader.Wrong("ended at " + version.to() + ", after the instant of the export");
        }
        MovedVersion before = last;
        if (before != null) {
            check(before, version);
        }
        versions++;
        if (version.to() == null) {
            if (version.fhir() == null) {
                deleted++;
            } else {
                resources++;
            }
        }
        last = version;
    }

    private static void check(MovedVersion before, MovedVersion version) {
        int order = version.id().compareTo(before.id());
        String both = version.id() + " version " + version.version() + " after " + before.id() + " version "
                + before.version();
        if (order < 0 || (order == 0 && version.version() < before.version())) {
            throw new VersionLineReader.Wrong("is out of order: " + both);
        }
        if (order == 0 && version.version() == before.version()) {
            throw new VersionLineReader.Wrong("comes twice: " + version.id() + " version " + version.version());
        }
        if (order == 0 && before.to() == null) {
            throw new VersionLineReader.Wrong("follows a version that says of no end: " + both);
        }
        if (order == 0 && before.to() != null && version.from().isBefore(before.to())) {
            throw new VersionLineReader.Wrong("began before the one before it ended: " + both);
        }
    }

    /** What was counted. */
    Manifest.OfType counted(String type, long erased) {
        return new Manifest.OfType(type, resources, deleted, versions, erased);
    }
}
