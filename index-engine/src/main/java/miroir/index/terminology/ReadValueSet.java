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
        Map<ValueSet.SystemAndCode, String> displays = new LinkedHashMap<>();
        return new ValueSet(
                head(resource),
                expansion == null ? null : new Expanded(displays).read(expansion),
                compose == null ? List.of() : included(compose.all("include"), displays),
                compose == null ? List.of() : selections(compose.all("exclude")),
                compose != null && isFalse(compose.get("inactive")),
                displays);
    }

    private static ValueSet.Head head(RawValue resource) {
        return new ValueSet.Head(
                resource.text("url"),
                resource.text("version"),
                resource.text("name"),
                resource.text("title"),
                Objects.requireNonNullElse(resource.text("status"), "unknown"));
    }

    private static List<ValueSet.Selection> included(
            List<RawValue> values, Map<ValueSet.SystemAndCode, String> displays) {
        for (RawValue value : values) {
            String system = text(value, "system");
            value.all("concept").forEach(concept -> putDisplay(system, concept, displays));
        }
        return selections(values);
    }

    private static void putDisplay(String system, RawValue coded, Map<ValueSet.SystemAndCode, String> displays) {
        String code = coded.text("code");
        String display = coded.text("display");
        if (code != null && display != null) {
            displays.putIfAbsent(new ValueSet.SystemAndCode(system, code), display);
        }
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
        private final Map<ValueSet.SystemAndCode, String> displays;
        private int entries;

        Expanded(Map<ValueSet.SystemAndCode, String> displays) {
            this.displays = displays;
        }

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
                String system = text(contained, "system");
                bySystem.computeIfAbsent(system, each -> new LinkedHashSet<>()).add(code);
                putDisplay(system, contained, displays);
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
