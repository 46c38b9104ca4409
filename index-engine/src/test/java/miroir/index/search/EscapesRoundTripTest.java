package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.generated.Proves;
import miroir.index.registry.RegistryLoader;
import miroir.index.search.SearchExpression.TextMatch;
import org.junit.jupiter.api.Test;

/** Whatever text a value has, it can be written, and what is written is read as meant. */
class EscapesRoundTripTest {
    private static final String HOSTILE = "ab,,||$$\\\\&=%+#:;/?*\"'<>{}[]() \t\n\u0000éœ\u0301\ud83d\ude00ge20";
    private static final SearchParameterRegistry REGISTRY = RegistryLoader.load(Set.of("Patient"), List.of());
    private static final SearchParser PARSER = new SearchParser(REGISTRY, ZoneId.of("Europe/Paris"), Set.of());
    private static final SearchParameter IDENTIFIER = Objects.requireNonNull(REGISTRY.find("Patient", "identifier"));
    private static final SearchParameter FAMILY = Objects.requireNonNull(REGISTRY.find("Patient", "family"));
    private static final Instant NOW = Instant.EPOCH;

    private final long seed = Long.getLong("miroir.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    @Proves("escapes of , | $ \\")
    void parse_readsWhatEscapingWrote() {
        for (int i = 0; i < 2000; i++) {
            List<SearchExpression> meant = new ArrayList<>();
            List<String> written = new ArrayList<>();
            for (int values = random.nextInt(4); values >= 0; values--) {
                addRandomToken(meant, written);
            }
            SearchRequest request = parse(new QueryParameter("identifier", String.join(",", written)));

            assertThat(request.expression())
                    .as("seed %d, round %d", seed, i)
                    .isEqualTo(meant.size() == 1 ? meant.get(0) : new SearchExpression.Or(meant));
            assertThat(again(request)).as("seed %d, round %d", seed, i).isEqualTo(request);
        }
    }

    @Test
    void parse_readsTextsAsTheyAre() {
        for (int i = 0; i < 2000; i++) {
            String text = randomText();
            SearchRequest request = parse(new QueryParameter("family:exact", EscapedText.escape(text)));

            assertThat(request.expression())
                    .as("seed %d, round %d", seed, i)
                    .isEqualTo(new SearchExpression.Text(FAMILY, text, TextMatch.EXACT));
            assertThat(again(request)).as("seed %d, round %d", seed, i).isEqualTo(request);
        }
    }

    @Test
    void parse_garbageIsReadOrRefusedButNeverFails() {
        List<String> names =
                REGISTRY.of("Patient").stream().map(SearchParameter::code).collect(Collectors.toList());
        names.addAll(List.of("_count", "_total", "_sort", "x", ""));
        List<String> modifiers =
                List.of("", ":missing", ":exact", ":not", ":of-type", ":Patient", ":identifier", ":", ":a.b");
        for (int i = 0; i < 20_000; i++) {
            QueryParameter parameter = new QueryParameter(
                    names.get(random.nextInt(names.size())) + modifiers.get(random.nextInt(modifiers.size())),
                    randomText());
            assertThatCode(() -> parseOrRefuse(parameter))
                    .as("seed %d, round %d: %s", seed, i, parameter)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    @Proves("percent-encoding")
    void decode_emptyPiecesAndMissingValues() {
        assertThat(QueryParameter.decode("&a=1&&b&=c&d=x=y&"))
                .containsExactly(
                        new QueryParameter("a", "1"),
                        new QueryParameter("b", ""),
                        new QueryParameter("", "c"),
                        new QueryParameter("d", "x=y"));
        assertThatThrownBy(() -> QueryParameter.decode("a=%zz"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("%zz");
    }

    private static void parseOrRefuse(QueryParameter parameter) {
        try {
            parse(parameter);
        } catch (Refusal expected) {
            assertThat(expected.getMessage()).isNotBlank();
        }
    }

    private static SearchRequest parse(QueryParameter parameter) {
        return PARSER.parse("Patient", List.of(parameter), Handling.STRICT, NOW);
    }

    /** The request that its own link asks for. */
    private static SearchRequest again(SearchRequest request) {
        String link = QueryParameter.encode(request.applied());
        assertThat(link).matches("[\\x21-\\x7e]*");
        return PARSER.parse("Patient", QueryParameter.decode(link), Handling.STRICT, NOW);
    }

    private void addRandomToken(List<SearchExpression> meant, List<String> written) {
        String system = randomText();
        String code = randomText();
        switch (random.nextInt(4)) {
            case 0 -> {
                meant.add(new SearchExpression.Token(IDENTIFIER, null, code));
                written.add(EscapedText.escape(code));
            }
            case 1 -> {
                meant.add(new SearchExpression.Token(IDENTIFIER, system, null));
                written.add(EscapedText.escape(system) + "|");
            }
            case 2 -> {
                meant.add(new SearchExpression.Token(IDENTIFIER, "", code));
                written.add("|" + EscapedText.escape(code));
            }
            default -> {
                meant.add(new SearchExpression.Token(IDENTIFIER, system, code));
                written.add(EscapedText.escape(system) + "|" + EscapedText.escape(code));
            }
        }
    }

    /** At least one letter long. */
    private String randomText() {
        int[] letters = HOSTILE.codePoints().toArray();
        return random.ints(1 + random.nextInt(12), 0, letters.length)
                .map(i -> letters[i])
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
