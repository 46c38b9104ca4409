package miroir.server.reports;

import java.util.Set;
import java.util.function.Consumer;

/** Something that may be wrong with resources of the directory. */
interface Check {
    /** As it stands in paths and in the report. */
    String code();

    Words title();

    /** What is found, in a sentence. */
    Words meaning();

    /** Of which types resources are looked at. */
    Set<String> types();

    /** How many resources of a batch it looks at. */
    default long looksAt(Batch batch) {
        return batch.active().count();
    }

    /** Tells what it finds wrong with a batch of resources of one of these types. */
    void look(Batch batch, Consumer<Finding> found);
}
