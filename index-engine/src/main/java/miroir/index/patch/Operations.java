package miroir.index.patch;

import java.util.List;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** The operations of a patch, done one after the other: all of them, or none. */
record Operations(List<? extends Operation> all) {
    Operations {
        all = List.copyOf(all);
    }

    /** One change. */
    interface Operation {

        /** The whole after it. */
        BsonValue applyTo(BsonValue whole);

        /** The FHIRPath of the operation in the patch, where the patch is a resource. */
        @Nullable
        String expression();

        /** What it does and where, for people. */
        @Override
        String toString();
    }

    static void checkCount(int count) {
        if (count > Patch.MOST_OPERATIONS) {
            throw new Refusal(
                    Refusal.Reason.TOO_LARGE,
                    "the patch has " + count + " operations; allowed are " + Patch.MOST_OPERATIONS);
        }
    }

    RawBsonDocument applyTo(RawBsonDocument resource, Deadline deadline) {
        BsonValue whole = resource;
        for (int i = 0; i < all.size(); i++) {
            if (deadline.remaining().toNanos() <= 0) {
                throw new Refusal(
                        Refusal.Reason.TOO_COSTLY,
                        "after " + i + " of " + all.size() + " operations the time for the patch was over");
            }
            whole = applyTo(whole, i);
        }
        if (!(whole instanceof BsonDocument document)) {
            throw new Refusal(Refusal.Reason.NOT_APPLICABLE, "the patch leaves no object, and a resource is one");
        }
        return whole == resource ? resource : encoded(document);
    }

    private static RawBsonDocument encoded(BsonDocument document) {
        try {
            return PatchFailed.encoded(document);
        } catch (PatchFailed e) {
            throw new Refusal(e.reason(), "what the patch leaves cannot be stored: " + e.getMessage());
        }
    }

    private BsonValue applyTo(BsonValue whole, int index) {
        Operation operation = all.get(index);
        try {
            return operation.applyTo(whole);
        } catch (PatchFailed e) {
            throw refused(e, index, operation.toString(), operation.expression());
        }
    }

    /** The refusal of one operation, counted from 1 as people do. */
    static Refusal refused(PatchFailed failure, int index, String operation, @Nullable String expression) {
        String which = "operation " + (index + 1) + (operation.isEmpty() ? "" : " (" + operation + ")");
        return new Refusal(failure.reason(), which + ": " + failure.getMessage(), expression);
    }
}
