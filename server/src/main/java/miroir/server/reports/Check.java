package miroir.server.reports;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import miroir.server.pages.Words;

/** Something that may be wrong with resources of the directory. */
interface Check {
    /** As it stands in paths and in the report. */
    String code();

    Words title();

    /** What is found, in a sentence. */
    Words meaning();

    /** Of which types resources are looked at. */
    Set<String> types();

    /** How many of those that it looked at are wrong, by what it found in a batch: a resource with two findings is one. */
    default long wrong(List<Finding> findings) {
        return findings.stream()
                .map(finding -> finding.resource().key().id())
                .distinct()
                .count();
    }

    /** Tells what it finds wrong with a batch of resources of one of these types, and returns how many it looked at. */
    long look(Batch batch, Consumer<Finding> found);
}
