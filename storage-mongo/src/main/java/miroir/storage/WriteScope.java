package miroir.storage;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.MeetsCondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.Scope;
import org.bson.RawBsonDocument;

/**
 * What a caller may write under one id. Versions are held against it by their search fields: the one before has them, and those of the next one were just made,
 * so the database is not asked.
 *
 * <p>Fields that are still being made say nothing, or something else. So it is refused while they are, before anything is read, and once it was held against the
 * scope where they mean something else by then.
 */
final class WriteScope {
    private final Caller caller;
    private final ResourceKey key;
    private final SearchView on;

    WriteScope(Caller caller, ResourceKey key, SearchView on) {
        this.caller = caller;
        this.key = key;
        this.on = on;
    }

    /** What other resources are held against. */
    Scope seen() {
        return caller.seen();
    }

    /** What is read of these types, held against what is seen. */
    <T> T amongSeen(Set<String> types, Supplier<T> read) {
        return on.within(caller.seen(), types, read);
    }

    /** Refuses while fields are missing by which versions are held against it; the type can be written by now. */
    void requireComplete() {
        String type = key.type();
        for (Scope scope : List.of(caller.seen(), caller.created(), caller.changed())) {
            if (!scope.isPlain(type)) {
                on.prepareTypes().beforeSearch(type);
                on.requireComplete(asked -> asked.where(type, scope.of(type)));
            }
        }
    }

    /**
     * Whether what is there is there for the caller.
     *
     * @param meets whether it meets a condition
     */
    boolean isSeen(Predicate<Condition> meets) {
        return isWithin(caller.seen(), meets);
    }

    /** Refuses to change what is there where it is outside. It is not told whether it could be seen. */
    void requireChangeable(Predicate<Condition> meets) {
        if (!isSeen(meets) || !isWithin(caller.changed(), meets)) {
            throw forbidden("what is stored as ");
        }
    }

    /**
     * Refuses to write what is outside.
     *
     * @param isUpdate whether it replaces something that is not deleted
     */
    void requireWritable(RawBsonDocument document, boolean isUpdate) {
        Scope scope = isUpdate ? caller.changed() : caller.created();
        if (!isWithin(scope, condition -> MeetsCondition.test(document, condition))) {
            throw forbidden("what would be written as ");
        }
    }

    private boolean isWithin(Scope scope, Predicate<Condition> meets) {
        String type = key.type();
        Condition condition = scope.of(type);
        if (scope.isPlain(type)) {
            return condition.isAll();
        }
        boolean isMet = meets.test(condition);
        on.requireStill(asked -> asked.where(type, condition));
        return isMet;
    }

    private Refusal forbidden(String what) {
        return new Refusal(Refusal.Reason.FORBIDDEN, what + key + " is outside of what the caller may write");
    }
}
