package miroir.server;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Money;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Range;
import org.hl7.fhir.r4.model.SampledData;
import org.jspecify.annotations.Nullable;

/** What R4 says of numbers and quantities, on HAPI's model. */
final class ReferenceQuantity {
    private static final List<String> PREFIXES = List.of("", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap");

    /** What a number in a database has at most, with two to spare. */
    private static final int DIGITS = 32;

    private ReferenceQuantity() {}

    static boolean matches(Base element, String query) {
        String[] parts = query.split("\\|", -1);
        return hasValue(element)
                && number(element, parts[0])
                && (parts.length == 1 || unit(quantity(element), parts[1], parts[2]));
    }

    private static boolean number(Base element, String asked) {
        boolean prefixed = Character.isLetter(asked.charAt(0));
        String prefix = prefixed ? asked.substring(0, 2) : "eq";
        BigDecimal x = new BigDecimal(prefixed ? asked.substring(2) : asked);
        BigDecimal half = x.ulp().divide(BigDecimal.valueOf(2));
        BigDecimal roughly = x.abs().divide(BigDecimal.TEN).max(half);
        BigDecimal low = low(element);
        BigDecimal high = high(element);
        boolean equal = notBelow(low, x.subtract(half)) && high != null && high.compareTo(x.add(half)) < 0;
        return switch (prefix) {
            case "eq" -> equal;
            case "ne" -> !equal;
            case "gt" -> high == null || high.compareTo(x) > 0;
            case "lt" -> low == null || low.compareTo(x) < 0;
            case "ge" -> high == null || high.compareTo(x) >= 0;
            case "le" -> low == null || low.compareTo(x) <= 0;
            case "sa" -> low != null && low.compareTo(x) > 0;
            case "eb" -> high != null && high.compareTo(x) < 0;
            case "ap" ->
                (low == null || low.compareTo(x.add(roughly)) <= 0)
                        && (high == null || notBelow(high, x.subtract(roughly)));
            default -> throw new AssertionError(prefix);
        };
    }

    private static boolean notBelow(@Nullable BigDecimal value, BigDecimal bound) {
        return value != null && value.compareTo(bound) >= 0;
    }

    private static boolean unit(Quantity quantity, String system, String code) {
        boolean coded = code.isEmpty() || code.equals(quantity.getCode());
        return system.isEmpty()
                ? coded || code.equals(quantity.getUnit())
                : coded && system.equals(quantity.getSystem());
    }

    static boolean hasValue(Base element) {
        return low(element) != null || high(element) != null;
    }

    /** A number and a quantity are both ends themselves; no comparators are in what is tried. */
    static @Nullable BigDecimal low(Base element) {
        if (element instanceof SampledData samples) {
            return samples(samples).min(Comparator.naturalOrder()).orElse(null);
        }
        return element instanceof Range range ? range.getLow().getValue() : value(element);
    }

    static @Nullable BigDecimal high(Base element) {
        if (element instanceof SampledData samples) {
            return samples(samples).max(Comparator.naturalOrder()).orElse(null);
        }
        return element instanceof Range range ? range.getHigh().getValue() : value(element);
    }

    /** What was measured, as far as it could be. */
    private static Stream<BigDecimal> samples(SampledData samples) {
        BigDecimal zero = Optional.ofNullable(samples.getOrigin().getValue()).orElse(BigDecimal.ZERO);
        BigDecimal factor = Optional.ofNullable(samples.getFactor()).orElse(BigDecimal.ONE);
        return Stream.of(Optional.ofNullable(samples.getData())
                        .orElse("")
                        .strip()
                        .split("\\s+", -1))
                .filter(sample -> sample.matches("-?\\d{1,9}(\\.\\d{1,9})?"))
                .map(sample -> zero.add(new BigDecimal(sample).multiply(factor)));
    }

    private static @Nullable BigDecimal value(Base element) {
        if (element instanceof IntegerType integer) {
            return BigDecimal.valueOf(integer.getValue());
        }
        if (element instanceof Money money) {
            return money.getValue();
        }
        if (element instanceof Quantity quantity) {
            return quantity.getValue();
        }
        return element instanceof DecimalType decimal ? decimal.getValue() : null;
    }

    /** What says the unit. */
    private static Quantity quantity(Base element) {
        if (element instanceof Money money) {
            return new Quantity()
                    .setSystem("urn:iso:std:iso:4217")
                    .setCode(money.getCurrency())
                    .setUnit(money.getCurrency());
        }
        if (element instanceof SampledData samples) {
            return samples.getOrigin();
        }
        if (element instanceof Range range) {
            return range.hasLow() ? range.getLow() : range.getHigh();
        }
        return (Quantity) element;
    }

    /** Queries for the number, for fewer of its digits, and with its unit; not for one that takes more digits than a server may read. */
    static List<String> queries(Base element) {
        if (!hasValue(element)) {
            return List.of();
        }
        BigDecimal value = Optional.ofNullable(low(element)).orElse(BigDecimal.ONE);
        if (value.precision() > DIGITS) {
            return List.of();
        }
        List<String> numbers = new ArrayList<>(List.of(value.toString()));
        if (value.toPlainString().length() <= DIGITS) {
            numbers.addAll(List.of(value.toBigInteger() + "e0", value + "00"));
        }
        if (element instanceof Quantity quantity && quantity.hasCode()) {
            numbers.add(value + "|" + Optional.ofNullable(quantity.getSystem()).orElse("") + "|" + quantity.getCode());
            numbers.add(value + "||" + Optional.ofNullable(quantity.getUnit()).orElse("none"));
        }
        return PREFIXES.stream()
                .flatMap(prefix -> numbers.stream().map(number -> prefix + number))
                .toList();
    }
}
