package miroir.server.fhir;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.Refusal;
import miroir.index.store.Copied;
import miroir.index.store.ResourceStore;

/**
 * What is not here may be there, as long as its type was never copied whole: that is another answer than that there is no such resource, since whoever asks may be
 * about to turn somebody away.
 */
record NeverCopied(ResourceStore store) {

    /** Returns if what is not found of a type is known not to be there. */
    void requireKnown(String type, String what) {
        if (isNever(type)) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    what + " is not here, and " + type
                            + " was never copied whole from its source: whether there is such a resource is not known yet");
        }
    }

    /** What clients are told of searches of such types. */
    Optional<Answer.Entry> warning(Set<String> types) {
        Set<String> never = new TreeSet<>();
        types.stream().filter(this::isNever).forEach(never::add);
        return never.isEmpty()
                ? Optional.empty()
                : Optional.of(new Answer.Warnings(
                        "incomplete",
                        List.of(String.join(", ", never)
                                + " was never copied whole from its source: what is not found may be there")));
    }

    /** Whether nobody knows what is not here. */
    boolean isNever(String type) {
        Copied copied = store.copies().get(type);
        return copied != null && copied.asOf() == null;
    }
}
