package miroir.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What was published cannot be taken back, so it comes after all that is tried; and a run that is of no tag publishes nothing. */
@Tag("source")
final class ReleaseWorkflowTest {
    private static final Path ROOT = CompiledModules.ROOT;
    private static final String FILE = ".github/workflows/release.yaml";

    /** All steps that there are, by their names or what they use: who adds one says here on which side it is. */
    private static final List<String> TRIES = List.of(
            "actions/checkout@v4",
            "actions/setup-java@v4",
            "build and try what a release has",
            "build the image",
            "try the image",
            "try the image with a database");

    private static final List<String> PUBLISHES =
            List.of("publish the libraries", "publish the image", "publish the release");

    /** Nothing is published without one of these. */
    private static final Pattern MEANS = Pattern.compile(
            "secrets\\.|github\\.token|GITHUB_TOKEN|publish-|docker (?:login|push)|buildx|\\bgh |\\bdeploy|push=|push: *true");

    private static String text() throws IOException {
        return Files.readString(ROOT.resolve(FILE));
    }

    private static Map<?, ?> parsed(String text) {
        return (Map<?, ?>) new Load(LoadSettings.builder().setLabel(FILE).build()).loadFromString(text);
    }

    private static Map<?, ?> map(Map<?, ?> from, String key) {
        return (Map<?, ?>) Objects.requireNonNull(from.get(key), key);
    }

    /** In sentences; none where all is as it should be. */
    private static List<String> wrong(Map<?, ?> workflow) {
        List<String> wrong = new ArrayList<>();
        Map<?, ?> jobs = map(workflow, "jobs");
        hold(wrong, List.of("test", "release").equals(List.copyOf(jobs.keySet())), "jobs are " + jobs.keySet());
        hold(
                wrong,
                Map.of("uses", "./.github/workflows/test.yaml").equals(jobs.get("test")),
                "the tests are not those of every change");
        Map<?, ?> release = map(jobs, "release");
        hold(wrong, "test".equals(release.get("needs")), "the release does not need the tests");
        hold(wrong, !release.containsKey("if"), "the release has a condition");
        List<String> expected = new ArrayList<>(TRIES);
        expected.addAll(PUBLISHES);
        List<?> steps = (List<?>) Objects.requireNonNull(release.get("steps"));
        List<String> labels =
                steps.stream().map(step -> label((Map<?, ?>) step)).toList();
        hold(wrong, expected.equals(labels), "steps are " + labels);
        steps.forEach(step -> holdStep(wrong, (Map<?, ?>) step));
        return wrong;
    }

    private static void hold(List<String> wrong, boolean so, String otherwise) {
        if (!so) {
            wrong.add(otherwise);
        }
    }

    private static String label(Map<?, ?> step) {
        return String.valueOf(step.containsKey("name") ? step.get("name") : step.get("uses"));
    }

    private static void holdStep(List<String> wrong, Map<?, ?> step) {
        String label = label(step);
        boolean publishes = PUBLISHES.contains(label);
        hold(wrong, publishes == MEANS.matcher(step.toString()).find(), label + ": whether it can publish");
        hold(
                wrong,
                publishes == isOfTagsAlone(String.valueOf(step.get("if"))),
                label + ": whether it is for tags alone");
        hold(wrong, !step.containsKey("continue-on-error"), label + " may fail");
    }

    private static boolean isOfTagsAlone(String condition) {
        return condition.equals("github.event_name == 'push'")
                || condition.equals("github.event_name == 'push' && vars.IMAGE != ''");
    }

    @Test
    void release_triesEverything_thenPublishes_theReleaseLast() throws IOException {
        assertThat(wrong(parsed(text()))).isEmpty();
        assertThat(map(map(parsed(text()), "on"), "push")).isEqualTo(Map.of("tags", List.of("v*")));
        assertThat(ROOT.resolve("scripts/publish-libraries.sh")).isExecutable();
        assertThat(ROOT.resolve("scripts/publish-tag.sh")).isExecutable();
        Map<?, ?> tests = parsed(Files.readString(ROOT.resolve(".github/workflows/test.yaml")));
        assertThat(tests.get("permissions")).isEqualTo(Map.of("contents", "read"));
    }

    private static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("needs: test", "name: release"),
                Arguments.of("    steps:\n", "    steps:\n      - run: docker push somewhere\n"),
                Arguments.of(
                        "    steps:\n",
                        "    steps:\n      - {uses: docker/build-push-action@v6, with: {push: true}}\n"),
                Arguments.of(
                        "  release:\n", "  early: {runs-on: ubuntu-22.04, steps: [{run: mvn deploy}]}\n  release:\n"),
                Arguments.of(
                        "docker build --tag miroir:tried .", "docker build --tag somewhere . && docker push somewhere"),
                Arguments.of("if: github.event_name == 'push' && vars.IMAGE != ''", "if: always()"),
                Arguments.of("/test.yaml", "/other.yaml"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void release_publishingTooEarly_isFound(String right, String mistake) throws IOException {
        assertThat(text()).contains(right);
        assertThat(wrong(parsed(text().replaceFirst(Pattern.quote(right), Matcher.quoteReplacement(mistake)))))
                .isNotEmpty();
    }
}
