package miroir.server;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.fhirpath.IFhirPath;
import ca.uhn.fhir.fhirpath.IFhirPath.IParsedExpression;
import ca.uhn.fhir.fhirpath.IFhirPathEvaluationContext;
import java.text.Normalizer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hl7.fhir.instance.model.api.IBase;
import org.hl7.fhir.instance.model.api.IIdType;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.Enumeration;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Timing;
import org.jspecify.annotations.Nullable;

/**
 * Searches as the specification says it, one resource after the other, on HAPI's model by HAPI's FHIRPath. It is slow and
 * shares nothing with the server, the definitions of the parameters included, so that it can judge the server.
 */
final class ReferenceSearch {
    private static final ZoneId ZONE = ZoneId.of("Europe/Paris");
    private static final String BOOLEANS = "http://hl7.org/fhir/ValueSet/special-values";

    private static final String OF_RESOURCE = "%resource.";
    private static final Pattern DATE = Pattern.compile("\\d{4}(-\\d\\d(-\\d\\d(T\\d\\d:\\d\\d:\\d\\d.*)?)?)?");
    private static final String DEPARTMENT = "address-department";

    /** Between the parts of a composite's value, which are not escaped. */
    static final String BETWEEN_PARTS = "\u0001";

    /**
     * One parameter of a query.
     *
     * @param modifier without its colon, empty for none
     * @param values alternatives, not escaped
     */
    record Criterion(DefinedParameter parameter, String modifier, List<String> values) {}

    private final IFhirPath fhirPath = fhirPath();
    private final Map<String, IParsedExpression> parsed = new HashMap<>();
    private final Map<String, List<Base>> evaluated = new HashMap<>();

    /** What a reference is to is of the type that it says; there need not be any. */
    private static IFhirPath fhirPath() {
        FhirContext context = FhirContext.forR4Cached();
        IFhirPath fhirPath = context.newFhirPath();
        fhirPath.setEvaluationContext(new IFhirPathEvaluationContext() {
            @Override
            public @Nullable IBase resolveReference(IIdType reference, @Nullable IBase within) {
                String type = reference.getResourceType();
                return type != null && context.getResourceTypes().contains(type)
                        ? context.getResourceDefinition(type).newInstance()
                        : null;
            }
        });
        return fhirPath;
    }

    boolean matches(Resource resource, Criterion asked) {
        List<Base> elements = elements(resource, asked.parameter());
        if (asked.parameter().isComposite() && asked.modifier().isEmpty()) {
            return asked.values().stream()
                    .anyMatch(value -> elements.stream()
                            .anyMatch(element -> composite(resource, element, asked.parameter(), value)));
        }
        return switch (asked.modifier()) {
            case "missing" -> asked.values().contains(String.valueOf(elements.isEmpty()));
            case "not" -> asked.values().stream().noneMatch(value -> any(elements, asked, "", value));
            default -> asked.values().stream().anyMatch(value -> any(elements, asked, asked.modifier(), value));
        };
    }

    /** What the parameter selects; a primitive that has extensions only is nothing. */
    List<Base> elements(Resource resource, DefinedParameter parameter) {
        return evaluated.computeIfAbsent(
                resource.fhirType() + "/" + resource.getIdElement().getIdPart() + " " + parameter.code(),
                key -> evaluate(resource, parameter.expression()).stream()
                        .filter(element -> !(element instanceof PrimitiveType<?> primitive) || primitive.hasValue())
                        .filter(element -> parameter.parts().stream()
                                .allMatch(part -> part(resource, element, part).stream()
                                        .anyMatch(found -> hasValue(found, part))))
                        .toList());
    }

    /** Whether there is anything in it to compare with; in a composite a reference cannot be asked for by its identifier. */
    private static boolean hasValue(Base element, DefinedParameter parameter) {
        return switch (parameter.kind()) {
            case TOKEN ->
                tokens(element, parameter).stream().anyMatch(token -> !token[0].isEmpty() || !token[1].isEmpty());
            case QUANTITY, NUMBER -> ReferenceQuantity.hasValue(element);
            case REFERENCE -> !(element instanceof Reference reference) || reference.hasReference();
            default -> true;
        };
    }

    /** What a part of a composite selects below one element. */
    List<Base> part(Resource resource, Base element, DefinedParameter part) {
        String expression = part.expression();
        return expression.startsWith(OF_RESOURCE)
                ? evaluate(resource, expression.substring(OF_RESOURCE.length()))
                : evaluate(element, expression);
    }

    /** The sides of a union one by one: to drop doubles HAPI would compare quantities, and convert their units. */
    private List<Base> evaluate(Base base, String expression) {
        return Stream.of(expression.split(" \\| (?![^(]*\\))", -1))
                .map(side -> Objects.requireNonNull(parsed.computeIfAbsent(side, this::parse)))
                .flatMap(side -> fhirPath.evaluate(base, side, Base.class).stream())
                .toList();
    }

    private IParsedExpression parse(String expression) {
        try {
            return fhirPath.parse(expression);
        } catch (Exception e) {
            throw new AssertionError(expression, e);
        }
    }

    private boolean composite(Resource resource, Base element, DefinedParameter composite, String value) {
        String[] asked = value.split(BETWEEN_PARTS, -1);
        return IntStream.range(0, asked.length).allMatch(i -> {
            DefinedParameter part = composite.parts().get(i);
            return part(resource, element, part).stream().anyMatch(found -> matches(found, part, "", asked[i]));
        });
    }

    private boolean any(List<Base> elements, Criterion asked, String modifier, String value) {
        return elements.stream().anyMatch(element -> matches(element, asked.parameter(), modifier, value));
    }

    private static boolean matches(Base element, DefinedParameter parameter, String modifier, String value) {
        return switch (parameter.kind()) {
            case TOKEN -> token(element, parameter, modifier, value);
            case STRING -> texts(element).anyMatch(text -> string(text, modifier, value));
            case REFERENCE -> reference(element, parameter, modifier, value);
            case DATE -> date(element, value);
            case NUMBER, QUANTITY -> ReferenceQuantity.matches(element, value);
            case URI -> uri(((PrimitiveType<?>) element).getValueAsString(), modifier, value);
            default -> throw new AssertionError(parameter.kind());
        };
    }

    /** System and code of each coding; an empty system is none. */
    static List<String[]> tokens(Base element, DefinedParameter parameter) {
        if (parameter.code().equals(DEPARTMENT)) {
            return element.primitiveValue().matches("\\d{5}")
                    ? List.<String[]>of(pair("", department(element.primitiveValue())))
                    : List.of();
        }
        if (element instanceof CodeableConcept concept) {
            return concept.getCoding().stream().map(ReferenceSearch::pair).toList();
        }
        if (element instanceof Coding coding) {
            return List.<String[]>of(pair(coding));
        }
        if (element instanceof Identifier identifier) {
            return List.<String[]>of(pair(identifier.getSystem(), identifier.getValue()));
        }
        if (element instanceof ContactPoint contact) {
            String system =
                    contact.getSystem() == null ? "" : contact.getSystem().toCode();
            return List.of(pair(system, contact.getValue()), pair("", contact.getValue()));
        }
        if (element instanceof Enumeration<?> code) {
            return List.of(pair(system(code), code.getValueAsString()), pair("", code.getValueAsString()));
        }
        return element.isPrimitive()
                ? List.<String[]>of(pair(element instanceof BooleanType ? BOOLEANS : "", element.primitiveValue()))
                : List.of();
    }

    /** One may have extensions instead of a value, and there is no system of none. */
    private static <T extends Enum<?>> String system(Enumeration<T> code) {
        return code.hasValue() ? code.getEnumFactory().toSystem(code.getValue()) : "";
    }

    private static boolean token(Base element, DefinedParameter parameter, String modifier, String value) {
        if (modifier.equals("of-type")) {
            Identifier identifier = (Identifier) element;
            return identifier.getType().getCoding().stream()
                    .anyMatch(type ->
                            (type.getSystem() + "|" + type.getCode() + "|" + identifier.getValue()).equals(value));
        }
        int bar = value.indexOf('|');
        return tokens(element, parameter).stream().anyMatch(token -> {
            if (bar < 0) {
                return token[1].equals(value);
            }
            String code = value.substring(bar + 1);
            return token[0].equals(value.substring(0, bar)) && (code.isEmpty() || token[1].equals(code));
        });
    }

    private static String[] pair(Coding coding) {
        return pair(coding.getSystem(), coding.getCode());
    }

    private static String[] pair(String system, String code) {
        return new String[] {
            Optional.ofNullable(system).orElse(""), Optional.ofNullable(code).orElse("")
        };
    }

    /** Corsica's postal codes begin with 20, overseas departments have three digits. */
    private static String department(String postalCode) {
        if (postalCode.startsWith("20")) {
            return "0137".indexOf(postalCode.charAt(2)) >= 0 ? "2A" : "2B";
        }
        return postalCode.substring(0, postalCode.startsWith("97") || postalCode.startsWith("98") ? 3 : 2);
    }

    static Stream<String> texts(Base element) {
        List<String> texts = new ArrayList<>();
        if (element instanceof HumanName name) {
            texts.add(name.getText());
            texts.add(name.getFamily());
            Stream.of(name.getGiven(), name.getPrefix(), name.getSuffix())
                    .flatMap(List::stream)
                    .forEach(part -> texts.add(part.getValue()));
        } else if (element instanceof Address address) {
            texts.addAll(List.of(address.getLine().stream()
                    .map(StringType::getValue)
                    .filter(line -> line != null)
                    .toArray(String[]::new)));
            for (StringType part : List.of(
                    address.getTextElement(),
                    address.getCityElement(),
                    address.getDistrictElement(),
                    address.getStateElement(),
                    address.getPostalCodeElement(),
                    address.getCountryElement())) {
                texts.add(part.getValue());
            }
        } else {
            texts.add(element.primitiveValue());
        }
        return texts.stream().filter(text -> text != null);
    }

    private static boolean string(String text, String modifier, String value) {
        return switch (modifier) {
            case "exact" -> text.equals(value);
            case "contains" -> folded(text).contains(folded(value));
            default -> folded(text).startsWith(folded(value));
        };
    }

    static String folded(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT)
                .replace("œ", "oe")
                .replace("æ", "ae")
                .replace("ß", "ss")
                .replace('’', '\'')
                .replaceAll("[\\s\\p{Pd}\u2212]+", " ")
                .strip();
    }

    private static boolean reference(Base element, DefinedParameter parameter, String modifier, String value) {
        if (element instanceof Resource within) {
            return isTo(within.fhirType() + "/" + within.getIdElement().getIdPart(), parameter, modifier, value);
        }
        if (!(element instanceof Reference reference)) {
            return modifier.isEmpty() && element.isPrimitive() && uri(element.primitiveValue(), modifier, value);
        }
        return modifier.equals("identifier")
                ? isOf(reference.getIdentifier(), value)
                : isTo(Optional.ofNullable(reference.getReference()).orElse(""), parameter, modifier, value);
    }

    private static boolean isOf(Identifier identifier, String value) {
        String system = Optional.ofNullable(identifier.getSystem()).orElse("");
        return value.equals(identifier.getValue())
                || (system + "|" + identifier.getValue()).equals(value)
                || (!system.isEmpty() && (system + "|").equals(value));
    }

    /** A bare id is that of something that the parameter may refer to. */
    private static boolean isTo(String text, DefinedParameter parameter, String modifier, String value) {
        String unversioned = text.replaceAll("/_history/.*", "");
        if (!modifier.isEmpty()) {
            return unversioned.equals(modifier + "/" + value);
        }
        String[] parts = unversioned.split("/", -1);
        return unversioned.equals(value)
                || (parts.length == 2 && parts[1].equals(value) && parameter.refersTo(parts[0]));
    }

    /** A canonical is found under its version and without it. */
    private static boolean uri(String text, String modifier, String value) {
        int bar = text.indexOf('|');
        return isUri(text, modifier, value) || (bar >= 0 && isUri(text.substring(0, bar), modifier, value));
    }

    private static boolean isUri(String text, String modifier, String value) {
        return switch (modifier) {
            case "below" -> text.equals(value) || text.startsWith(value + "/");
            case "above" -> value.equals(text) || value.startsWith(text + "/");
            default -> text.equals(value);
        };
    }

    /** Some dates may be told in words as well; these are found where they say nothing but a date. */
    static boolean isDate(Base element) {
        return element instanceof Period
                || element instanceof Timing
                || element instanceof BaseDateTimeType
                || (element instanceof StringType text
                        && DATE.matcher(text.getValue()).matches());
    }

    private static boolean date(Base element, String value) {
        if (!isDate(element)) {
            return false;
        }
        boolean prefixed = Character.isLetter(value.charAt(0));
        String prefix = prefixed ? value.substring(0, 2) : "eq";
        long[] asked = interval(prefixed ? value.substring(2) : value);
        long[] found = interval(element);
        return found[0] <= found[1]
                && switch (prefix) {
                    case "eq" -> found[0] >= asked[0] && found[1] <= asked[1];
                    case "ne" -> found[0] < asked[0] || found[1] > asked[1];
                    case "gt" -> found[1] > asked[1];
                    case "lt" -> found[0] < asked[0];
                    case "ge" -> found[1] >= asked[0];
                    case "le" -> found[0] <= asked[1];
                    case "sa" -> found[0] > asked[1];
                    case "eb" -> found[1] < asked[0];
                    case "ap" -> found[0] <= asked[1] + tenth(asked) && found[1] >= asked[0] - tenth(asked);
                    default -> throw new AssertionError(prefix);
                };
    }

    /** Of how far it is from now. */
    private static long tenth(long[] interval) {
        long now = System.currentTimeMillis();
        return Math.max(0, Math.max(interval[0] - now, now - interval[1])) / 10;
    }

    static long[] interval(Base element) {
        if (element instanceof Period period) {
            return new long[] {
                period.getStart() == null ? Long.MIN_VALUE : interval(period.getStartElement())[0],
                period.getEnd() == null ? Long.MAX_VALUE : interval(period.getEndElement())[1]
            };
        }
        return element instanceof Timing timing ? interval(timing) : interval(element.primitiveValue());
    }

    /** All from the first to the last of what it names, and always where it names nothing. */
    private static long[] interval(Timing timing) {
        List<long[]> named = new ArrayList<>(timing.getEvent().stream()
                .filter(PrimitiveType::hasValue)
                .map(ReferenceSearch::interval)
                .toList());
        if (timing.getRepeat().hasBoundsPeriod()) {
            named.add(interval(timing.getRepeat().getBoundsPeriod()));
        }
        return new long[] {
            named.stream().mapToLong(each -> each[0]).min().orElse(Long.MIN_VALUE),
            named.stream().mapToLong(each -> each[1]).max().orElse(Long.MAX_VALUE)
        };
    }

    /** First and last millisecond. */
    private static long[] interval(String text) {
        return switch (text.length()) {
            case 4 ->
                days(
                        LocalDate.parse(text + "-01-01"),
                        LocalDate.parse(text + "-01-01").plusYears(1));
            case 7 ->
                days(
                        LocalDate.parse(text + "-01"),
                        LocalDate.parse(text + "-01").plusMonths(1));
            case 10 -> days(LocalDate.parse(text), LocalDate.parse(text).plusDays(1));
            default -> {
                Instant start = OffsetDateTime.parse(text).toInstant();
                yield new long[] {start.toEpochMilli(), start.toEpochMilli() + (text.indexOf('.') < 0 ? 999 : 0)};
            }
        };
    }

    private static long[] days(LocalDate first, LocalDate after) {
        return new long[] {
            first.atStartOfDay(ZONE).toInstant().toEpochMilli(),
            after.atStartOfDay(ZONE).toInstant().toEpochMilli() - 1
        };
    }
}
