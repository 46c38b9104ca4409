package miroir.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import ca.uhn.fhir.parser.DataFormatException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import miroir.index.json.ExampleResources;
import miroir.index.xml.ValidResource;
import org.hl7.fhir.r4.model.Resource;

/**
 * Resources of any type of R4: examples of the specification, and generated ones, whose references are to one of a few. What
 * HAPI does not read has no judge, and quantities with a comparator have none: they are left out.
 */
final class ResourcesOfEveryType {
    private static final int LARGEST_EXAMPLE = 20_000;
    private static final int EXAMPLES = 2;
    private static final int REFERRED = 5;
    /** More than readers of numbers other than HAPI's take. */
    private static final String OF_MANY_DIGITS = "1234567890123456789012345678901234";

    /** What bytes that are no text are read as: no query can ask for it. */
    private static final String REPLACEMENT = "\uFFFD";

    private static final Pattern REFERENCE = Pattern.compile("\"reference\":\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final List<String> TARGETS = List.of(
            "Patient",
            "Practitioner",
            "Organization",
            "Group",
            "Device",
            "Location",
            "Encounter",
            "Observation",
            "Condition",
            "Medication",
            "PractitionerRole",
            "ServiceRequest",
            "Procedure",
            "CarePlan",
            "Specimen");

    private static final Pattern TYPE = Pattern.compile("\"resourceType\"\\s*:\\s*\"(\\w+)\"");

    private final Random random;
    private final Set<String> types;
    private final ValidResource valid;
    private final Map<String, List<Sent>> examples = new HashMap<>();

    /** A resource on its way to the server. */
    record Sent(String type, String id, String json) {
        String entry() {
            return "{\"request\":{\"method\":\"PUT\",\"url\":\"" + type + "/" + id + "\"},\"resource\":" + json + "}";
        }
    }

    /** Of these types; an example of a search parameter would change what is searched. */
    ResourcesOfEveryType(Random random, Collection<String> types) {
        this.random = random;
        this.types =
                types.stream().filter(type -> !type.equals("SearchParameter")).collect(Collectors.toSet());
        this.valid = new ValidResource(random);
        ExampleResources.forEach(LARGEST_EXAMPLE, (name, json) -> addExample(name, new String(json, UTF_8)));
    }

    /** To read one takes long: as few as are needed. */
    private void addExample(String name, String json) {
        Matcher type = TYPE.matcher(json);
        if (!name.startsWith("json/spec/") || !type.find() || !types.contains(type.group(1))) {
            return;
        }
        List<Sent> ofType = examples.computeIfAbsent(type.group(1), any -> new ArrayList<>());
        if (ofType.size() < EXAMPLES && !json.contains("\"comparator\"")) {
            example(json).ifPresent(ofType::add);
        }
    }

    private static Optional<Sent> example(String json) {
        try {
            Resource read = DirectoryServer.read(json);
            return Optional.ofNullable(read.getIdElement().getIdPart()).map(id -> new Sent(read.fhirType(), id, json));
        } catch (DataFormatException e) {
            // Some examples are wrong on purpose.
            return Optional.empty();
        }
    }

    /** The examples of a type and so many more. */
    List<Sent> of(String type, int generated) {
        return Stream.concat(
                        examples.getOrDefault(type, List.of()).stream(),
                        IntStream.range(0, generated).mapToObj(i -> generated(type, "r" + i)))
                .toList();
    }

    /** None is active: a search parameter would change what is searched. */
    private Sent generated(String type, String id) {
        while (true) {
            String json = REFERENCE
                    .matcher(valid.json(type, id)
                            .replace("\"status\":\"active\"", "\"status\":\"draft\"")
                            .replace(OF_MANY_DIGITS, "12.50")
                            .replace(REPLACEMENT, "'"))
                    .replaceAll(any -> "\"reference\":\"" + target() + '"');
            try {
                DirectoryServer.read(json);
                if (!json.contains("\"comparator\"")) {
                    return new Sent(type, id, json);
                }
            } catch (DataFormatException e) {
                // Another one, then.
            }
        }
    }

    private String target() {
        return TARGETS.get(random.nextInt(TARGETS.size())) + "/r" + random.nextInt(REFERRED);
    }
}
