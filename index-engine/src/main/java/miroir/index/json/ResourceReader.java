package miroir.index.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import miroir.index.Refusal;
import miroir.index.Refusal.Reason;
import miroir.index.structure.Structures;
import org.bson.RawBsonDocument;

/**
 * Reads FHIR JSON into the BSON that is stored: same order, same text, decimals with their scale. It is strict, because
 * what it lets through is kept for years: every refusal names the element and the value. Thread-safe.
 */
public final class ResourceReader {
    private static final int KEPT_BUFFERS = 16;

    private final StructureCheck structureCheck;
    private final ReadLimits limits;
    private final JsonFactory factory;

    public ResourceReader(Structures structures, ReadLimits limits) {
        this.structureCheck = new StructureCheck(structures);
        this.limits = limits;
        this.factory = new JsonFactoryBuilder()
                // Its buffers would otherwise stay in every thread that has ever read something.
                .recyclerPool(JsonRecyclerPools.newBoundedPool(KEPT_BUFFERS))
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(limits.maxBytes())
                        // What Decimal128 cannot hold is refused with its path, however long it is.
                        .maxNumberLength(limits.maxBytes())
                        .maxNestingDepth(limits.maxDepth() + 1)
                        .maxNameLength(1000)
                        .build())
                .build();
    }

    /** The resource as BSON, or a {@link Refusal}. A byte-order mark at the start is passed over. */
    public RawBsonDocument read(byte[] json) {
        RawBsonDocument resource = readUnchecked(json);
        structureCheck.check(resource);
        return resource;
    }

    /** The same, and what structure it has is not asked yet. */
    public RawBsonDocument readUnchecked(byte[] json) {
        return whole(json, "the resource").read();
    }

    /** The same of a bundle, whose entries are looked at one by one. */
    public RawBsonDocument readBundle(byte[] json, BundleLimits bundle) {
        return whole(json, "the bundle").readBundle(bundle);
    }

    /** Returns if the resource has the structure that its type prescribes, else throws a {@link Refusal}. */
    public void check(RawBsonDocument resource) {
        structureCheck.check(resource);
    }

    /**
     * The operations of a JSON Patch as BSON, numbered from 0. Their values are read as exactly as a resource, and are no
     * resource yet, so what structure they have is not asked here.
     */
    public RawBsonDocument readOperations(byte[] json) {
        return whole(json, "the patch").readOperations();
    }

    private JsonToBson whole(byte[] json, String what) {
        if (json.length > limits.maxBytes()) {
            throw new Refusal(
                    Reason.TOO_LARGE, what + " has " + json.length + " bytes; allowed are " + limits.maxBytes());
        }
        int start = startsWithMark(json) ? 3 : 0;
        int fault = Utf8Fault.find(json);
        if (fault >= 0) {
            throw refuseEncoding(json, start, fault);
        }
        return reading(json, start, json.length);
    }

    private JsonToBson reading(byte[] json, int from, int to) {
        try {
            JsonParser parser = factory.createParser(json, from, to - from);
            return new JsonToBson(parser, to - from, limits.maxDepth());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads up to the faulty byte only to learn in which element it stands. */
    private Refusal refuseEncoding(byte[] json, int start, int fault) {
        String message = json[fault] == 0
                ? "a zero byte at offset " + fault + "; allowed is JSON in UTF-8"
                : String.format("byte 0x%02X at offset %d is not UTF-8", json[fault], fault);
        JsonToBson upToFault = reading(Arrays.copyOf(json, fault), Math.min(start, fault), fault);
        try {
            upToFault.read();
        } catch (Refusal expected) {
            return new Refusal(Reason.INVALID, message, expected.path());
        }
        return new Refusal(Reason.INVALID, message);
    }

    private static boolean startsWithMark(byte[] json) {
        return json.length >= 3 && json[0] == (byte) 0xEF && json[1] == (byte) 0xBB && json[2] == (byte) 0xBF;
    }
}
