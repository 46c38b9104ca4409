package miroir.server.costs;

import java.util.List;
import java.util.stream.Stream;
import miroir.server.costs.Asked.Excuse;

/** Searches by the value sets and the hierarchy of codes that {@link OtherResources} has: for what is frequent, and for what is rare. */
final class CodeSearches {
    private static final List<String> VALUE_SETS = List.of("http://example.org/vs/0", "http://example.org/vs/1");
    private static final List<String> CODES = List.of("urn:codes|all", "urn:codes|some", "urn:codes|rare");

    private CodeSearches() {}

    static Stream<Asked> all() {
        return Stream.of("Observation", "Condition").flatMap(type -> Stream.concat(ofValueSets(type), ofCodes(type)));
    }

    private static Stream<Asked> ofValueSets(String type) {
        return VALUE_SETS.stream()
                .flatMap(url -> Stream.of(
                        Asked.inOrder(type, "code:in", url),
                        Asked.inOrder(type, "code:not-in", url).excusedBy(Excuse.NOT)));
    }

    private static Stream<Asked> ofCodes(String type) {
        return CODES.stream()
                .flatMap(code ->
                        Stream.of(Asked.inOrder(type, "code:below", code), Asked.inOrder(type, "code:above", code)));
    }
}
