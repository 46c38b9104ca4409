package miroir.index.terminology;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import miroir.index.path.RawValue;
import org.jspecify.annotations.Nullable;

/** Reads a ValueSet resource. */
final class ReadValueSet {
    /** What whoever expanded it was asked for, where it was for a part. */
    private static final Set<String> PAGING = Set.of("count", "offset");

    private static final Set<String> UNFINISHED = Set.of(
            "http://hl7.org/fhir/StructureDefinition/valueset-unclosed",
            "http://hl7.org/fhir/StructureDefinition/valueset-toocostly");

    private ReadValueSet() {}

    static ValueSet of(RawValue resource) {
        RawValue compose = resource.get("compose");
        RawValue expansion = resource.get("expansion");
        return new ValueSet(
                expansion == null ? null : new Expanded().read(expansion),
                compose == null ? List.of() : selections(compose.all("include")),
                compose == null ? List.of() : selections(compose.all("exclude")),
                compose != null && isFalse(compose.get("inactive")));
    }

    private static List<ValueSet.Selection> selections(List<RawValue> values) {
        return values.stream().map(ReadValueSet::selection).toList();
    }

    private static ValueSet.Selection selection(RawValue value) {
        List<RawValue> concepts = value.all("concept");
        return new ValueSet.Selection(
                value.text("system"),
                value.text("version"),
                concepts.isEmpty()
                        ? null
                        : concepts.stream()
                                .map(concept -> concept.text("code"))
                                .filter(Objects::nonNull)
                                .toList(),
                value.all("filter").stream().map(ReadValueSet::filter).toList(),
                value.all("valueSet").stream()
                        .map(RawValue::text)
                        .filter(Objects::nonNull)
                        .toList());
    }

    private static ValueSet.Filter filter(RawValue value) {
        return new ValueSet.Filter(text(value, "property"), text(value, "op"), text(value, "value"));
    }

    private static boolean isFalse(@Nullable RawValue value) {
        return value != null && Boolean.FALSE.equals(value.truth());
    }

    private static String text(RawValue value, String name) {
        return Objects.requireNonNullElse(value.text(name), "");
    }

    /** The codes that a resource lists, and how many entries there were. */
    private static final class Expanded {
        private final Map<String, Set<String>> bySystem = new LinkedHashMap<>();
        private int entries;

        /** Null where it is a part, or may be one. */
        @Nullable
        CodeSet read(RawValue expansion) {
            expansion.all("contains").forEach(this::readContained);
            if (entries == 0 || isPart(expansion)) {
                return null;
            }
            Map<String, SomeCodes> codes = new LinkedHashMap<>();
            bySystem.forEach((system, some) -> codes.put(system, new SomeCodes(false, some)));
            return new CodeSet(codes);
        }

        private boolean isPart(RawValue expansion) {
            boolean isCut = expansion.get("total") == null
                    && expansion.all("parameter").stream()
                            .map(parameter -> text(parameter, "name"))
                            .anyMatch(PAGING::contains);
            return isCut
                    || number(expansion, "offset") > 0
                    || number(expansion, "total") > entries
                    || expansion.all("extension").stream().anyMatch(Expanded::saysPart);
        }

        private static boolean saysPart(RawValue extension) {
            return UNFINISHED.contains(text(extension, "url")) && !isFalse(extension.get("valueBoolean"));
        }

        /** An abstract entry only holds others; nothing is coded with it. */
        private void readContained(RawValue contained) {
            entries++;
            String code = contained.text("code");
            RawValue isAbstract = contained.get("abstract");
            if (code != null && (isAbstract == null || !Boolean.TRUE.equals(isAbstract.truth()))) {
                bySystem.computeIfAbsent(text(contained, "system"), system -> new LinkedHashSet<>())
                        .add(code);
            }
            contained.all("contains").forEach(this::readContained);
        }

        private static int number(RawValue expansion, String name) {
            RawValue value = expansion.get(name);
            BigDecimal number = value == null ? null : value.number();
            return number == null ? 0 : number.intValue();
        }
    }
}
