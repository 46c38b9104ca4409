package miroir.simulator.http;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.simulator.Kind;
import miroir.simulator.query.Parameter;
import miroir.simulator.query.Parameters;

/** What {@code /metadata} answers. */
final class Metadata {
    private Metadata() {}

    static String text() {
        return "{\"resourceType\":\"CapabilityStatement\",\"status\":\"active\",\"date\":\"2025-04-28\",\"kind\":\"instance\","
                + "\"implementation\":{\"description\":\"Miroir: a simulated health directory; no person in it is real\"},"
                + "\"fhirVersion\":\"4.0.1\",\"format\":[\"application/fhir+json\",\"json\"],"
                + "\"rest\":[{\"mode\":\"server\",\"resource\":["
                + Stream.of(Kind.values()).map(Metadata::resource).collect(Collectors.joining(","))
                + "]}]}";
    }

    private static String resource(Kind kind) {
        return "{\"type\":\"" + kind.type() + "\",\"interaction\":[{\"code\":\"read\"},{\"code\":\"search-type\"}]"
                + list(
                        "searchInclude",
                        Parameters.references(kind).stream().map(name -> "\"" + kind.type() + ":" + name + "\""))
                + list("searchRevInclude", revincludes(kind))
                + list("searchParam", Parameters.of(kind).stream().map(Metadata::parameter))
                + "}";
    }

    private static Stream<String> revincludes(Kind target) {
        return Stream.of(Kind.values())
                .flatMap(from -> Parameters.references(from).stream()
                        .filter(name -> Parameters.target(from, name).stream().anyMatch(target::equals))
                        .map(name -> "\"" + from.type() + ":" + name + "\""));
    }

    private static String parameter(Parameter parameter) {
        return "{\"name\":\"" + parameter.name() + "\",\"type\":\""
                + parameter.type().name().toLowerCase(Locale.ROOT) + "\"}";
    }

    private static String list(String name, Stream<String> items) {
        String joined = items.collect(Collectors.joining(","));
        return joined.isEmpty() ? "" : ",\"" + name + "\":[" + joined + "]";
    }
}
