package miroir.index.xml;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.index.json.ExampleResources;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.structure.Structures;
import org.bson.RawBsonDocument;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * HAPI as the judge: what it understands of our XML is what it understands of the JSON, and what we understand of its XML
 * is what it wrote from the JSON. What HAPI itself loses on the way is named below and not held against us.
 */
@Tag("long")
class XmlOracleIT {
    /** Its XML leaves out an empty narrative, values that have nothing but an id, and ids that have only extensions. */
    private static final List<String> LOST_BY_HAPI = List.of(
            "div is missing; Narrative requires it",
            "neither a value nor extensions",
            "name is missing; StructureMap.group.input requires it");

    /** Its JSON parser makes 1000 of 1E+3, and 0.0 of -0.0. */
    private static final Pattern CHANGED_NUMBER =
            Pattern.compile("(?<=[:\\[,])-?[0-9]+(\\.[0-9]+)?(E[+-]?[0-9]+)?(?=[,}\\]])");

    /** Its XML has line ends and tabulators as they are, which every parser reads as spaces, and narrative is spaced anew. */
    private static final Pattern CHANGED_SPACE = Pattern.compile("(\\\\[nrt]| )+");

    private static final int LARGEST = 60_000;
    private static final int OF_EACH_TYPE = 2;

    private final FhirContext hapi = FhirContext.forR4();
    private final ResourceReader json = new ResourceReader(Structures.r4(), ReadLimits.standard());
    private final ResourceXmlReader xml = new ResourceXmlReader(Structures.r4(), ReadLimits.standard());
    private final List<String> differences = new ArrayList<>();
    private int compared;

    XmlOracleIT() {
        hapi.setParserErrorHandler(new StrictErrorHandler());
        hapi.getParserOptions()
                .setStripVersionsFromReferences(false)
                .setOverrideResourceIdWithBundleEntryFullUrl(false);
    }

    @Test
    void examples_inBothFormats_meanTheSame() {
        ExampleResources.forEach(LARGEST, (name, bytes) -> {
            // A few: the whole set takes minutes and has little that a seventh has not.
            if (Math.floorMod(name.hashCode(), 7) == 0) {
                compare(name, bytes);
            }
        });
        ExampleResources.forEachOfDirectory(this::compare);

        assertThat(compared).isGreaterThan(500);
        assertThat(differences).isEmpty();
    }

    @Test
    void generatedResources_inBothFormats_meanTheSame() {
        long seed = Long.getLong("miroir.seed", 20261127);
        ValidResource resources = new ValidResource(new Random(seed));
        for (String type : Structures.r4().resourceTypes()) {
            for (int i = 0; i < OF_EACH_TYPE; i++) {
                compare(
                        "seed " + seed + ", " + type,
                        resources.json(type, "r" + i).getBytes(StandardCharsets.UTF_8));
            }
        }

        assertThat(compared).isGreaterThan(250);
        assertThat(differences).isEmpty();
    }

    private void compare(String name, byte[] bytes) {
        RawBsonDocument stored = accepted(bytes);
        IBaseResource model = stored == null ? null : model(bytes);
        if (stored == null || model == null) {
            return;
        }
        compared++;
        String expected = text(model);
        Utf8Buffer ours = new Utf8Buffer(bytes.length);
        ResourceXmlWriter.write(stored, ours, compared % 2 == 0);
        String written = new String(ours.toByteArray(), StandardCharsets.UTF_8);
        differ(
                name + ", our XML",
                expected,
                () -> text(parser(hapi.newXmlParser()).parseResource(written)));
        String theirs = parser(hapi.newXmlParser()).encodeResourceToString(model);
        differ(name + ", HAPI's XML", expected, () -> {
            Utf8Buffer out = new Utf8Buffer(bytes.length);
            ResourceWriter.write(xml.read(theirs.getBytes(StandardCharsets.UTF_8)), out, false);
            return text(
                    parser(hapi.newJsonParser()).parseResource(new String(out.toByteArray(), StandardCharsets.UTF_8)));
        });
    }

    private void differ(String name, String expected, Supplier<String> found) {
        String text;
        try {
            text = found.get();
        } catch (RuntimeException e) {
            text = e.toString();
        }
        boolean lost = LOST_BY_HAPI.stream().anyMatch(text::contains);
        if (!lost && !settled(text).equals(settled(expected)) && differences.size() < 20) {
            differences.add(name + "\n  expected " + around(settled(expected), settled(text)) + "\n  found    "
                    + around(settled(text), settled(expected)));
        }
    }

    private static String settled(String json) {
        String numbers =
                CHANGED_NUMBER.matcher(json).replaceAll(number -> new BigDecimal(number.group()).toPlainString());
        return CHANGED_SPACE.matcher(numbers).replaceAll(" ");
    }

    /** The first place at which they differ. */
    private static String around(String text, String other) {
        int at = 0;
        while (at < Math.min(text.length(), other.length()) && text.charAt(at) == other.charAt(at)) {
            at++;
        }
        return text.substring(Math.max(0, at - 80), Math.min(text.length(), at + 200));
    }

    private String text(IBaseResource model) {
        return parser(hapi.newJsonParser()).encodeResourceToString(model);
    }

    private static IParser parser(IParser parser) {
        return parser.setPrettyPrint(false);
    }

    private @Nullable RawBsonDocument accepted(byte[] bytes) {
        try {
            return json.read(bytes);
        } catch (Refusal e) {
            return null;
        }
    }

    private @Nullable IBaseResource model(byte[] bytes) {
        try {
            return parser(hapi.newJsonParser()).parseResource(new String(bytes, StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            return null;
        }
    }
}
