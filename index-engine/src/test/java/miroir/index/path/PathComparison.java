package miroir.index.path;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.SearchParameterRegistry;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.structure.Structures;
import org.bson.RawBsonDocument;
import org.hl7.fhir.r4.model.Resource;

/** What our paths and HAPI's FHIRPath engine select from the same resources, side by side. */
final class PathComparison {
    /** Where HAPI and we disagree, and why: everything else is a failure. */
    private static final List<Explained> EXPLAINED = List.of(
            new Explained(
                    ".*complete-absent/Patient-.*|generated-Patient-.*",
                    "deceased",
                    "_deceasedBoolean without a value: HAPI takes no value for another value than false, FHIRPath has nothing"
                            + " to compare, and a person of whom it is not known is not dead"),
            new Explained(
                    ".*/ig-1.1.0-organization-158480DP-hopital-EG.json",
                    "address-line",
                    "_line without line: HAPI's parser loses the extensions of primitives that have no value in a list"),
            new Explained(
                    ".*/observation-example-f205-egfr.json|.*/observation-decimal.json|generated-.*",
                    "(combo|component|context)(-value)?-quantity",
                    "two quantities that differ in comparator, unit or exponent: HAPI takes them for one when it makes a"
                            + " union"));

    private record Explained(String file, String code, String reason) {
        boolean is(String name, String parameter) {
            return name.matches(file) && parameter.matches(code);
        }
    }

    private final HapiPaths hapi = new HapiPaths();
    private final ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());
    private final SearchParameterRegistry registry;
    private final MiroirPaths miroir;
    final List<String> disagreements = new ArrayList<>();
    int resources;
    long values;
    int explained;

    PathComparison(SearchParameterRegistry registry) {
        this.registry = registry;
        this.miroir = new MiroirPaths(registry);
    }

    /** Compares resources of every type, so many of each, as a seed makes them. */
    void compareGenerated(long seed, int rounds) {
        RandomResource generator = new RandomResource(new Random(seed));
        for (int round = 0; round < rounds; round++) {
            for (String type : registry.types()) {
                compare("generated-" + type + "-" + round, generator.json(type).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    void compare(String name, byte[] json) {
        Resource model;
        try {
            model = hapi.read(new String(json, StandardCharsets.UTF_8));
        } catch (RuntimeException notReadByHapi) {
            return;
        }
        resources++;
        String type = model.fhirType();
        Map<String, Set<String>> theirs = hapi.select(model, registry.of(type));
        Map<String, Set<String>> ours = miroir.select(type, read(json));
        theirs.forEach((code, expected) -> compare(name, code, expected, ours.getOrDefault(code, Set.of())));
    }

    private void compare(String name, String code, Set<String> expected, Set<String> actual) {
        values += expected.size();
        if (expected.equals(actual)) {
            return;
        }
        if (EXPLAINED.stream().anyMatch(row -> row.is(name, code))) {
            explained++;
        } else {
            disagreements.add(name + " " + code + "\n  HAPI   " + expected + "\n  Miroir " + actual);
        }
    }

    /** Some examples are not valid, and most generated ones are not: they are walked all the same. */
    private RawBsonDocument read(byte[] json) {
        try {
            return reader.read(json);
        } catch (Refusal notValid) {
            return JsonToBson.read(json);
        }
    }
}
