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
import miroir.index.SearchParameter;
import miroir.index.SearchParameterType;
import miroir.server.ReferenceSearch.Criterion;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/** Makes search criteria from values that resources have, and writes them as queries. */
final class QueryWriter {
    static final List<String> DATE_PREFIXES = List.of("", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb");

    private final Random random;
    private final ReferenceSearch reference;

    QueryWriter(Random random, ReferenceSearch reference) {
        this.random = random;
        this.reference = reference;
    }

    /** Values for the parameter under the modifier that some of the resources have; empty where none has any. */
    List<String> values(List<Resource> resources, SearchParameter parameter, String modifier) {
        if (modifier.equals("missing")) {
            return List.of(String.valueOf(random.nextBoolean()));
        }
        for (int attempt = 0; attempt < 200; attempt++) {
            Resource resource = resources.get(random.nextInt(resources.size()));
            List<Base> elements = reference.elements(resource, parameter);
            if (!elements.isEmpty()) {
                Base element = elements.get(random.nextInt(elements.size()));
                List<String> values = parameter.components().isEmpty()
                        ? ofElement(element, parameter, modifier)
                        : composites(resource, element, parameter);
                if (!values.isEmpty()) {
                    return values;
                }
            }
        }
        return List.of();
    }

    /** A few values whose parts are those of one element. */
    private List<String> composites(Resource resource, Base element, SearchParameter composite) {
        return Stream.generate(() -> composite.components().stream()
                        .map(component -> part(resource, element, composite, component))
                        .collect(Collectors.joining(ReferenceSearch.BETWEEN_PARTS)))
                .limit(3)
                .distinct()
                .toList();
    }

    private String part(
            Resource resource, Base element, SearchParameter composite, SearchParameter.Component component) {
        List<Base> parts = reference.component(resource, element, component);
        List<String> values =
                ofElement(parts.get(random.nextInt(parts.size())), ReferenceSearch.parameter(composite, component), "");
        return values.get(random.nextInt(values.size()));
    }

    private List<String> ofElement(Base element, SearchParameter parameter, String modifier) {
        return switch (parameter.searchType()) {
            case TOKEN -> modifier.equals("of-type") ? ofType((Identifier) element) : tokens(element, parameter);
            case STRING ->
                ReferenceSearch.texts(element).map(text -> part(text, modifier)).toList();
            case REFERENCE -> references((Reference) element, modifier);
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

    private List<String> tokens(Base element, SearchParameter parameter) {
        List<String> forms = new ArrayList<>();
        for (String[] token : ReferenceSearch.tokens(element, parameter)) {
            forms.add(token[1]);
            if (parameter.code().equals("_id")) {
                continue;
            }
            forms.add(token[0] + "|" + token[1]);
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
        int from = modifier.equals("contains") ? random.nextInt(text.length()) : 0;
        String part = text.substring(from, from + 1 + random.nextInt(text.length() - from));
        if (part.matches("[\\s\\p{Pd}]*")) {
            return text;
        }
        return random.nextBoolean() ? part.toLowerCase(Locale.FRENCH) : part;
    }

    private static List<String> references(Reference reference, String modifier) {
        if (modifier.equals("identifier")) {
            return reference.hasIdentifier()
                    ? List.of(
                            reference.getIdentifier().getSystem() + "|"
                                    + reference.getIdentifier().getValue(),
                            reference.getIdentifier().getSystem() + "|",
                            reference.getIdentifier().getValue())
                    : List.of();
        }
        String text = reference.getReference();
        int slash = text.indexOf('/');
        if (modifier.isEmpty()) {
            return List.of(text, text.substring(slash + 1));
        }
        return text.startsWith(modifier + "/") ? List.of(text.substring(slash + 1)) : List.of();
    }

    private static List<String> dates(Base element) {
        String text = element instanceof Period period
                ? period.getStartElement().getValueAsString()
                : ((BaseDateTimeType) element).getValueAsString();
        return DATE_PREFIXES.stream()
                .flatMap(prefix -> Stream.of(text, text.substring(0, Math.min(10, text.length())), text.substring(0, 4))
                        .map(date -> prefix + date))
                .toList();
    }

    private static String uri(String text, String modifier) {
        return switch (modifier) {
            case "below" -> text.replaceAll("(?<=[^/])/[^/]*$", "");
            case "above" -> text + "/below/it";
            default -> text;
        };
    }

    static String write(Criterion criterion) {
        return criterion.parameter().components().isEmpty()
                        || !criterion.modifier().isEmpty()
                ? simple(criterion)
                : composite(criterion);
    }

    private static String composite(Criterion criterion) {
        SearchParameter composite = criterion.parameter();
        return composite.code() + "="
                + criterion.values().stream()
                        .map(value -> parts(composite, value.split(ReferenceSearch.BETWEEN_PARTS, -1)))
                        .collect(Collectors.joining(","));
    }

    private static String parts(SearchParameter composite, String[] parts) {
        return IntStream.range(0, parts.length)
                .mapToObj(i -> new Criterion(
                        ReferenceSearch.parameter(
                                composite, composite.components().get(i)),
                        "",
                        List.of(parts[i])))
                .map(part -> encoded(escaped(part.values().get(0), part)))
                .collect(Collectors.joining("$"));
    }

    private static String simple(Criterion criterion) {
        String modifier = criterion.modifier().isEmpty() ? "" : ":" + criterion.modifier();
        return criterion.parameter().code() + modifier + "="
                + criterion.values().stream()
                        .map(value -> encoded(escaped(value, criterion)))
                        .collect(Collectors.joining(","));
    }

    /** In tokens the bars separate. */
    private static String escaped(String value, Criterion criterion) {
        String escaped = value.replace("\\", "\\\\").replace(",", "\\,").replace("$", "\\$");
        boolean bars = criterion.parameter().searchType() == SearchParameterType.TOKEN
                || criterion.parameter().searchType() == SearchParameterType.QUANTITY
                || criterion.modifier().equals("identifier");
        return bars ? escaped : escaped.replace("|", "\\|");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
