package miroir.index.json;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.StrictErrorHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import miroir.index.Refusal;
import miroir.index.structure.Structures;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * HAPI's strict parser as the judge of the structure check: what we accept it accepts, and what it refuses we refuse. We
 * are stricter on purpose in what it does not look at; each such difference is named below.
 */
@Tag("long")
class StructureOracleIT {
    /** What HAPI refuses and the specification allows: extensions of a repeating primitive that has no values. */
    private static final List<String> STRICTER_HAPI =
            List.of("Found incorrect type for element _", "Expected OBJECT and found ARRAY");

    /**
     * What HAPI lets through and the specification does not: it reads an array of one as its element, passes over null
     * and empty values, takes numbers and booleans for strings, and looks neither at required elements nor at the regular
     * expressions of most primitives nor into {@code _x}.
     */
    private static final List<String> STRICTER_WE = List.of(
            "found an array; the element does not repeat",
            "allowed is an array",
            "may not be empty",
            "found null",
            "null without an extension",
            "found an empty string",
            "neither a value nor extensions",
            " is missing; ",
            "Element has no element",
            "; string is ",
            "; markdown is ",
            "; code is ",
            "; uri is ",
            "; url is ",
            "; canonical is ",
            "; id is ",
            "; xhtml is ",
            "; date is ",
            "; dateTime is ",
            "; instant is ",
            "; oid is ",
            "; uuid is ",
            "; base64Binary is ");

    private static final int LARGEST = 200_000;
    private static final int OF_EACH_TYPE = 30;
    private static final int MUTATIONS_PER_EXAMPLE = 1;

    private final FhirContext hapi = FhirContext.forR4();
    private final ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());
    private final List<String> unexplained = new ArrayList<>();
    private final Map<String, Integer> outcomes = new TreeMap<>();

    StructureOracleIT() {
        hapi.setParserErrorHandler(new StrictErrorHandler());
    }

    @Test
    void whatWeAccept_hapiAccepts() {
        ExampleResources.forEach(LARGEST, OF_EACH_TYPE, this::compare);
        ExampleResources.forEachOfDirectory(this::compare);

        assertThat(unexplained).as(outcomes.toString()).isEmpty();
    }

    @Test
    void whatHapiRefuses_weRefuse() {
        long seed = Long.getLong("miroir.seed", 20261121);
        Random random = new Random(seed);
        ExampleResources.forEach(20_000, (name, json) -> {
            if (name.startsWith("json/spec/valueset") || name.startsWith("json/spec/codesystem")) {
                return;
            }
            RawBsonDocument original = accepted(json);
            for (int i = 0; original != null && i < MUTATIONS_PER_EXAMPLE; i++) {
                BsonDocument mutant = original.decode(new BsonDocumentCodec());
                String change = new Mutation(random).apply(mutant);
                compare(name + ": " + change, json(mutant));
            }
        });

        assertThat(unexplained).as("seed %s: %s", seed, outcomes).isEmpty();
    }

    private void compare(String name, byte[] json) {
        String ours = ourProblem(json);
        String theirs = theirProblem(json);
        outcomes.merge(
                "we " + (ours == null ? "accept" : "refuse") + ", HAPI " + (theirs == null ? "accepts" : "refuses"),
                1,
                Integer::sum);
        if (ours == null && theirs != null && STRICTER_HAPI.stream().noneMatch(theirs::contains)) {
            unexplained.add(name + " | only HAPI: " + theirs);
        }
        if (ours != null && theirs == null && STRICTER_WE.stream().noneMatch(ours::contains)) {
            unexplained.add(name + " | only we: " + ours);
        }
    }

    private @Nullable RawBsonDocument accepted(byte[] json) {
        try {
            return reader.read(json);
        } catch (Refusal e) {
            return null;
        }
    }

    private @Nullable String ourProblem(byte[] json) {
        try {
            reader.read(json);
            return null;
        } catch (Refusal e) {
            return e.path() + ": " + e.getMessage();
        }
    }

    private @Nullable String theirProblem(byte[] json) {
        try {
            hapi.newJsonParser().parseResource(new String(json, StandardCharsets.UTF_8));
            return null;
        } catch (RuntimeException e) {
            return e.getMessage();
        }
    }

    private static byte[] json(BsonDocument resource) {
        Utf8Buffer out = new Utf8Buffer(4000);
        ResourceWriter.write(new RawBsonDocument(resource, new BsonDocumentCodec()), out, false);
        return out.toByteArray();
    }
}
