package miroir.server.reports;

import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import miroir.server.directory.DirectoryResource;
import miroir.server.pages.Words;

/**
 * Active resources of a type that lack something.
 *
 * @param has whether one has it
 */
record Lacking(String code, Words title, Words meaning, String type, Predicate<DirectoryResource> has)
        implements Check {
    @Override
    public Set<String> types() {
        return Set.of(type);
    }

    @Override
    public long look(Batch batch, Consumer<Finding> found) {
        batch.active().filter(has.negate()).forEach(each -> found.accept(new Finding(each, "")));
        return batch.active().count();
    }
}
