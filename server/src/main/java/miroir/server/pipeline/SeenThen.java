package miroir.server.pipeline;

import java.util.Objects;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.store.Caller;

/**
 * What somebody saw of some types when something began that takes long, and goes on as if he saw that still. For each part of it he is asked whether he does: rights may be taken meanwhile.
 *
 * @param begun when that was, as the end of a sentence
 */
public record SeenThen(Set<String> types, Caller then, String begun) {
    public SeenThen {
        types = Set.copyOf(types);
    }

    /** Refuses who does not see as much of each of the types as then, or all of it. */
    public void requireAsMuch(Caller now) {
        types.stream()
                .filter(type -> !now.seen().of(type).isAll()
                        && !Objects.equals(now.seen().of(type), then.seen().of(type)))
                .findFirst()
                .ifPresent(type -> {
                    throw new Refusal(
                            Refusal.Reason.FORBIDDEN,
                            "what you may see of " + type + " is not what it was when " + begun + ": ask again");
                });
    }
}
