package miroir.server;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import miroir.server.ReferenceSearch.Criterion;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Enumerations.SearchParamType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Timing;

/** Makes search criteria from values that resources have, and writes them as queries. */
final class QueryWriter {
    static final List<String> DATE_PREFIXES = List.of("", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap");

    private final Random random;
    private final ReferenceSearch reference;

    QueryWriter(Random random, ReferenceSearch reference) {
        this.random = random;
        this.reference = reference;
    }

    /** Values for the parameter under the modifier that some of the resources have; empty where none has any, or there are none. */
    List<String> values(List<Resource> resources, DefinedParameter parameter, String modifier) {
        if (modifier.equals("missing")) {
            return List.of(String.valueOf(random.nextBoolean()));
        }
        for (int attempt = 0; attempt < 200 && !resources.isEmpty(); attempt++) {
            Resource resource = resources.get(random.nextInt(resources.size()));
            List<Base> elements = reference.elements(resource, parameter);
            if (!elements.isEmpty()) {
                Base element = elements.get(random.nextInt(elements.size()));
                List<String> values = parameter.parts().isEmpty()
                        ? ofElement(element, parameter, modifier)
                        : composites(resource, element, parameter);
                if (!values.isEmpty()) {
                    return values;
                }
            }
        }
        return List.of();
    }

    /** A few values whose parts are those of one element; none where one of them cannot be written. */
    private List<String> composites(Resource resource, Base element, DefinedParameter composite) {
        return Stream.generate(() -> composite.parts().stream()
                        .map(part -> part(resource, element, part))
                        .toList())
                .limit(3)
                .filter(parts -> parts.stream().noneMatch(String::isEmpty))
                .map(parts -> String.join(ReferenceSearch.BETWEEN_PARTS, parts))
                .distinct()
                .toList();
    }

    private String part(Resource resource, Base element, DefinedParameter part) {
        List<Base> found = reference.part(resource, element, part);
        List<String> values = ofElement(found.get(random.nextInt(found.size())), part, "");
        return values.isEmpty() ? "" : values.get(random.nextInt(values.size()));
    }

    private List<String> ofElement(Base element, DefinedParameter parameter, String modifier) {
        return switch (parameter.kind()) {
            case TOKEN -> modifier.equals("of-type") ? ofType((Identifier) element) : tokens(element, parameter);
            case STRING ->
                ReferenceSearch.texts(element).map(text -> part(text, modifier)).toList();
            case REFERENCE -> references(element, parameter, modifier);
            case DATE -> dates(element);
            case NUMBER, QUANTITY -> ReferenceQuantity.queries(element);
            case URI -> List.of(uri(element.primitiveValue(), modifier));
            default -> List.of();
        };
    }

    private static List<String> ofType(Identifier identifier) {
        return identifier.getType().getCoding().stream()
                .map(type -> type.getSystem() + "|" + type.getCode() + "|" + identifier.getValue())
                .toList();
    }

    private List<String> tokens(Base element, DefinedParameter parameter) {
        List<String> forms = new ArrayList<>();
        for (String[] token : ReferenceSearch.tokens(element, parameter)) {
            if (!token[1].isEmpty()) {
                forms.add(token[1]);
            }
            if (parameter.code().equals("_id")) {
                continue;
            }
            if (!token[1].isEmpty()) {
                forms.add(token[0] + "|" + token[1]);
            }
            if (!token[0].isEmpty()) {
                forms.add(token[0] + "|");
            }
        }
        return forms;
    }

    private String part(String text, String modifier) {
        if (modifier.equals("exact")) {
            return text;
        }
        int[] letters = text.codePoints().toArray();
        int from = modifier.equals("contains") ? random.nextInt(letters.length) : 0;
        String part = new String(letters, from, 1 + random.nextInt(letters.length - from));
        if (part.matches("[\\s\\p{Z}\\p{Pd}]*")) {
            return text;
        }
        return random.nextBoolean() ? part.toLowerCase(Locale.FRENCH) : part;
    }

    private static List<String> references(Base element, DefinedParameter parameter, String modifier) {
        if (element instanceof Resource within) {
            return references(within.fhirType() + "/" + within.getIdElement().getIdPart(), parameter, modifier);
        }
        if (!(element instanceof Reference reference)) {
            return modifier.isEmpty()
                            && element.isPrimitive()
                            && element.primitiveValue().indexOf(':') > 0
                    ? List.of(element.primitiveValue())
                    : List.of();
        }
        if (modifier.equals("identifier")) {
            return identifiers(reference.getIdentifier());
        }
        String text = reference.getReference();
        return text == null ? List.of() : references(text, parameter, modifier);
    }

    private static List<String> identifiers(Identifier identifier) {
        return identifier.hasSystem() && identifier.hasValue()
                ? List.of(
                        identifier.getSystem() + "|" + identifier.getValue(),
                        identifier.getSystem() + "|",
                        identifier.getValue())
                : List.of();
    }

    /** Those that are not to anything within the resource, nor to what the parameter does not mean. */
    private static List<String> references(String text, DefinedParameter parameter, String modifier) {
        String[] parts = text.replaceAll("/_history/.*", "").split("/", -1);
        if (parts.length != 2 || !parameter.refersTo(parts[0])) {
            return text.indexOf(':') > 0 && modifier.isEmpty() ? List.of(text) : List.of();
        }
        if (modifier.isEmpty()) {
            return List.of(String.join("/", parts), parts[1]);
        }
        return parts[0].equals(modifier) ? List.of(parts[1]) : List.of();
    }

    private static List<String> dates(Base element) {
        if (!ReferenceSearch.isDate(element)) {
            return List.of();
        }
        return moments(element)
                .filter(Base::hasPrimitiveValue)
                .map(Base::primitiveValue)
                .flatMap(text -> DATE_PREFIXES.stream()
                        .flatMap(prefix -> Stream.of(
                                        text, text.substring(0, Math.min(10, text.length())), text.substring(0, 4))
                                .map(date -> prefix + date)))
                .toList();
    }

    private static Stream<? extends Base> moments(Base element) {
        if (element instanceof Period period) {
            return Stream.of(period.getStartElement(), period.getEndElement());
        }
        return element instanceof Timing timing ? timing.getEvent().stream() : Stream.of(element);
    }

    private static String uri(String text, String modifier) {
        return switch (modifier) {
            case "below" -> text.replaceAll("(?<=[^/])/[^/]*$", "");
            case "above" -> text + "/below/it";
            default -> text;
        };
    }

    static String write(Criterion criterion) {
        return criterion.parameter().isComposite() && criterion.modifier().isEmpty()
                ? composite(criterion)
                : simple(criterion);
    }

    private static String composite(Criterion criterion) {
        DefinedParameter composite = criterion.parameter();
        return composite.code() + "="
                + criterion.values().stream()
                        .map(value -> parts(composite, value.split(ReferenceSearch.BETWEEN_PARTS, -1)))
                        .collect(Collectors.joining(","));
    }

    private static String parts(DefinedParameter composite, String[] parts) {
        return IntStream.range(0, parts.length)
                .mapToObj(
                        i -> encoded(escaped(parts[i], composite.parts().get(i).kind(), "")))
                .collect(Collectors.joining("$"));
    }

    private static String simple(Criterion criterion) {
        String modifier = criterion.modifier().isEmpty() ? "" : ":" + criterion.modifier();
        return criterion.parameter().code() + modifier + "="
                + criterion.values().stream()
                        .map(value ->
                                encoded(escaped(value, criterion.parameter().kind(), criterion.modifier())))
                        .collect(Collectors.joining(","));
    }

    /** In tokens the bars separate. */
    private static String escaped(String value, SearchParamType kind, String modifier) {
        String escaped = value.replace("\\", "\\\\").replace(",", "\\,").replace("$", "\\$");
        boolean bars =
                kind == SearchParamType.TOKEN || kind == SearchParamType.QUANTITY || modifier.equals("identifier");
        return bars ? escaped : escaped.replace("|", "\\|");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
