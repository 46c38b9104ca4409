package miroir.index.patch;

import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/**
 * How much a patch has copied.
 *
 * <p>The problem: everything else in a patch is as long as its text, but each {@code copy} can double what it copies into,
 * and forty of them make a terabyte of a kilobyte. Looking at the size of the outcome is too late, and measuring the whole
 * after each operation costs as much as a thousand resources.
 *
 * <p>The approach: what is copied is written out as bytes, which are shared from then on, and their lengths are added up. All
 * together they may be as long as the resource that is patched, or a little where that is short. So the outcome is at most
 * twice that resource and the text of the patch, for which the memory that an update of it is given is about enough.
 */
final class CopiedBytes {
    private static final int A_LITTLE = 64 << 10;

    private final int most;
    private int bytes;

    private CopiedBytes(int most) {
        this.most = most;
    }

    static CopiedBytes into(RawBsonDocument resource) {
        return new CopiedBytes(Math.max(A_LITTLE, resource.getByteBuffer().remaining()));
    }

    /** The same value as bytes of its own. */
    BsonValue of(BsonValue value) {
        RawBsonDocument alone = PatchFailed.encoded(new BsonDocument("value", value));
        bytes += alone.getByteBuffer().remaining();
        if (bytes > most) {
            throw PatchFailed.tooLarge(
                    "what the patch copies has more than " + most + " bytes, which is the limit here");
        }
        return LooseCopy.of(alone).values().iterator().next();
    }
}
