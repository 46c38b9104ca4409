package miroir.index.json;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.Structures;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Shapes keep what HAPI's encoder keeps, over examples of every type. Where we differ on purpose, the examples are freed of
 * it first, or the element is named here with the reason.
 */
@Tag("long")
class ShapeOracleIT {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int MOST_BYTES = 60_000;
    private static final int OF_EACH_TYPE = 30;

    /** HAPI tags and shortens the resources in them one by one. */
    private static final Set<String> CONTAINERS = Set.of("Bundle", "Parameters");

    /** Mandatory and not summary: kept, so that a summary is valid; HAPI leaves them out. */
    private static final Set<String> MANDATORY =
            Set.of("Appointment.participant", "AuditEvent.agent", "AuditEvent.source", "Provenance.agent");

    /** Mandatory, or marked as summary, in some types; not so in the class from which HAPI's models inherit them. */
    private static final Set<String> INHERITED = Set.of("url", "name", "date", "description");

    private final Structures structures = Structures.r4();
    private final FhirContext context = FhirContext.forR4Cached();
    private final ResourceReader reader = new ResourceReader(structures, new ReadLimits(40 << 20, 90));
    private final Set<String> compared = new TreeSet<>();
    private final List<String> different = new ArrayList<>();

    @Test
    void summary_ofExamples_isWhatHapiGives() {
        forEachExample(example -> compare(
                example, Shape.summary(), parser -> parser.setSummaryMode(true), ShapeOracleIT::differsInSummary));

        assertAllTheSame();
    }

    /** HAPI leaves out extensions that are modifiers; nobody may read a resource without them. */
    private static boolean differsInSummary(String name) {
        return MANDATORY.contains(name) || name.endsWith(".modifierExtension") || name.endsWith(".description");
    }

    /** HAPI tags contained resources as well, and keeps those that are referred to whatever was asked for. */
    private static boolean isContained(String name) {
        return name.endsWith(".contained");
    }

    private static boolean isInherited(String name) {
        return INHERITED.contains(name.substring(name.indexOf('.') + 1));
    }

    @Test
    void text_ofExamples_isWhatHapiGives() {
        forEachExample(example -> compare(
                example,
                Shape.text(),
                parser -> parser.setEncodeElements(Set.of("*.text", "*.id", "*.meta", "*.(mandatory)")),
                ShapeOracleIT::isInherited));

        assertAllTheSame();
    }

    @Test
    void data_ofExamples_isWhatHapiGives() {
        forEachExample(example -> compare(
                example, Shape.data(), parser -> parser.setSuppressNarratives(true), ShapeOracleIT::isContained));

        assertAllTheSame();
    }

    @Test
    void elements_ofExamples_areWhatHapiGives() {
        long seed = new Random().nextLong();
        System.out.println("elements_ofExamples seed " + seed);
        Random random = new Random(seed);
        forEachExample(example -> compareElements(example, random));

        assertAllTheSame();
    }

    /**
     * HAPI leaves out modifiers that were not asked for, and keeps {@code performer} where {@code performerType} was asked
     * for.
     */
    private void compareElements(BsonDocument example, Random random) {
        String type = example.getString("resourceType").getValue();
        List<ElementDefinition> elements = List.copyOf(
                Objects.requireNonNull(structures.type(type)).elements().values());
        Set<String> asked = new HashSet<>();
        asked.add(elements.get(random.nextInt(elements.size())).choice());
        asked.add(elements.get(random.nextInt(elements.size())).choice());
        Set<String> hapi = new HashSet<>(Set.of("*.id", "*.meta", "*.(mandatory)"));
        asked.forEach(name -> hapi.add(type + "." + name));
        Set<String> unasked = elements.stream()
                .filter(element -> !asked.contains(element.choice()))
                .filter(element ->
                        element.modifier() || asked.stream().anyMatch(name -> name.startsWith(element.choice())))
                .map(element -> type + "." + element.name())
                .collect(Collectors.toSet());
        compare(
                example,
                Shape.elements(asked),
                parser -> parser.setEncodeElements(hapi),
                name -> unasked.contains(name) || isInherited(name) || isContained(name));
    }

    private void forEachExample(Consumer<BsonDocument> use) {
        ExampleResources.forEach(MOST_BYTES, OF_EACH_TYPE, (name, json) -> {
            try {
                RawBsonDocument resource = reader.read(json);
                BsonDocument plain = comparable(resource);
                copyNarrative(resource, plain);
                if (!CONTAINERS.contains(plain.getString("resourceType").getValue())) {
                    use.accept(plain);
                }
            } catch (Refusal breaksTheSpecification) {
                return;
            }
        });
    }

    private static void copyNarrative(BsonDocument from, BsonDocument to) {
        BsonValue text = from.get("text");
        if (text != null && text.asDocument().containsKey("status")) {
            BsonDocument narrative = text.asDocument();
            to.put("text", new BsonDocument("status", narrative.get("status")).append("div", narrative.get("div")));
        }
    }

    private void compare(
            BsonDocument example, Shape shape, Consumer<IParser> hapi, Predicate<String> differsOnPurpose) {
        String type = example.getString("resourceType").getValue();
        RawBsonDocument raw = new RawBsonDocument(example, new BsonDocumentCodec());
        IParser parser = context.newJsonParser();
        hapi.accept(parser);
        String theirs = parser.encodeResourceToString(context.newJsonParser().parseResource(json(raw)));
        BsonDocument expected = canonical(theirs, type, differsOnPurpose);
        BsonDocument found = canonical(throughHapi(json(shape.of(raw))), type, differsOnPurpose);
        compared.add(type);
        if (!found.equals(expected)) {
            Set<String> names = new TreeSet<>(found.keySet());
            names.addAll(expected.keySet());
            names.removeIf(name -> Objects.equals(found.get(name), expected.get(name)));
            different.add(type + " " + names + ", for example " + example.get("id"));
        }
    }

    /** HAPI changes the space in narratives each time. */
    private String throughHapi(String json) {
        return context.newJsonParser()
                .encodeResourceToString(context.newJsonParser().parseResource(json));
    }

    /** As HAPI writes what it reads, so that order and form are the same on both sides; without the tag. */
    private BsonDocument canonical(String json, String type, Predicate<String> leftOut) {
        Resource model = (Resource) context.newJsonParser().parseResource(json);
        assertThat(model.getMeta().getTag()).anyMatch(tag -> "SUBSETTED".equals(tag.getCode()));
        model.getMeta().getTag().removeIf(tag -> "SUBSETTED".equals(tag.getCode()));
        BsonDocument document = unchecked(context.newJsonParser().encodeResourceToString(model));
        document.keySet().removeIf(name -> leftOut.test(type + "." + name));
        return document;
    }

    /** HAPI leaves out what is mandatory in some types, so the result may break the specification. */
    private static BsonDocument unchecked(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            BsonDocument document = new BsonDocument();
            document.putAll(new JsonToBson(parser, bytes.length, 90).read());
            return document;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Without what HAPI treats otherwise: its summaries have no extensions, while ours keep those of the elements that they
     * keep; without data it takes away narratives below the root as well; and it tags values that are a {@code Meta}.
     */
    private static BsonDocument comparable(BsonDocument document) {
        BsonDocument plain = new BsonDocument();
        document.forEach((name, value) -> {
            boolean narrative = value.isDocument() && value.asDocument().containsKey("div");
            if (!name.matches("extension|_.*|.+Meta") && !narrative) {
                BsonValue kept = comparable(value);
                if (!isEmpty(kept)) {
                    plain.put(name, kept);
                }
            }
        });
        return plain;
    }

    private static BsonValue comparable(BsonValue value) {
        if (value.isDocument()) {
            return comparable(value.asDocument());
        }
        return value.isArray()
                ? new BsonArray(value.asArray().stream()
                        .map(ShapeOracleIT::comparable)
                        .filter(kept -> !isEmpty(kept))
                        .toList())
                : value;
    }

    private static boolean isEmpty(BsonValue value) {
        return value.isNull()
                || (value.isDocument() && value.asDocument().isEmpty())
                || (value.isArray() && value.asArray().isEmpty());
    }

    private static String json(RawBsonDocument resource) {
        Utf8Buffer out = new Utf8Buffer(1000);
        ResourceWriter.write(resource, out, false);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    private void assertAllTheSame() {
        Set<String> expected = new TreeSet<>(structures.resourceTypes());
        expected.removeAll(CONTAINERS);
        assertThat(compared).containsExactlyElementsOf(expected);
        assertThat(different).isEmpty();
    }
}
