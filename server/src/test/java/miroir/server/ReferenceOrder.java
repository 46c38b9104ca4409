package miroir.server;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Enumerations.SearchParamType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/** Whether resources come in the order of a parameter, on HAPI's model: by the first of their values, up or down, those without one last. */
record ReferenceOrder(ReferenceSearch reference, DefinedParameter parameter, boolean descending) {
    private static final BigDecimal OPEN = new BigDecimal("1e40");

    static boolean hasOrder(DefinedParameter parameter) {
        return parameter.kind() != SearchParamType.COMPOSITE && parameter.kind() != SearchParamType.SPECIAL;
    }

    /** Codes and addresses are folded where an index has them, and as they are where none has: one of these for all. */
    boolean isKept(List<Resource> inOrder) {
        return isKept(inOrder, ReferenceSearch::folded) || isKept(inOrder, UnaryOperator.identity());
    }

    private boolean isKept(List<Resource> inOrder, UnaryOperator<String> stored) {
        List<@Nullable Object> keys =
                inOrder.stream().map(resource -> key(resource, stored)).toList();
        return IntStream.range(1, keys.size()).allMatch(i -> compare(keys.get(i - 1), keys.get(i)) <= 0);
    }

    private int compare(@Nullable Object one, @Nullable Object other) {
        return one == null || other == null
                ? Boolean.compare(one == null, other == null)
                : values().compare(one, other);
    }

    private Comparator<Object> values() {
        Comparator<Object> rising = (one, other) -> one instanceof String text
                ? Arrays.compareUnsigned(utf8(text), utf8((String) other))
                : ((BigDecimal) one).compareTo((BigDecimal) other);
        return descending ? rising.reversed() : rising;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private @Nullable Object key(Resource resource, UnaryOperator<String> stored) {
        return reference.elements(resource, parameter).stream()
                .flatMap(element -> values(element, stored))
                .min(values())
                .orElse(null);
    }

    private Stream<?> values(Base element, UnaryOperator<String> stored) {
        return switch (parameter.kind()) {
            case TOKEN ->
                ReferenceSearch.tokens(element, parameter).stream()
                        .map(token -> token[1])
                        .filter(code -> !code.isEmpty())
                        .map(stored);
            case STRING -> ReferenceSearch.texts(element).map(ReferenceSearch::folded);
            case REFERENCE -> Optional.ofNullable(((Reference) element).getReference()).stream();
            case URI -> withoutVersion(element.primitiveValue()).map(stored);
            case DATE -> Stream.of(BigDecimal.valueOf(ReferenceSearch.interval(element)[descending ? 1 : 0]));
            default -> Stream.of(number(element));
        };
    }

    /** A canonical is found under its version and without it. */
    private static Stream<String> withoutVersion(String uri) {
        return Stream.of(uri, uri.split("\\|", 2)[0]);
    }

    private BigDecimal number(Base element) {
        return descending
                ? Optional.ofNullable(ReferenceQuantity.high(element)).orElse(OPEN)
                : Optional.ofNullable(ReferenceQuantity.low(element)).orElse(OPEN.negate());
    }
}
