package miroir.server.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import miroir.index.yaml.YamlNode;
import org.junit.jupiter.api.Test;

/** The page of incidents has a section for everything that alerts, and for nothing else. */
final class IncidentsTest {
    private static final Path DOCS = Path.of(System.getProperty("miroir.root"), "docs", "operations");
    private static final Pattern HEADING = Pattern.compile("(?m)^## (\\S+)$");
    private static final Pattern TOLD = Pattern.compile("(?m)^\\*Told as\\*: (.+)$");
    private static final Pattern CODE = Pattern.compile("`([a-z-]+)`");
    private static final Pattern LINK = Pattern.compile("]\\(#([a-z-]+)\\)");
    private static final List<String> PARTS = List.of("Means", "Users notice", "Look", "Do", "Goes away", "Do not");

    private final Map<String, String> sections = sections();
    private final Map<String, YamlNode> rules = rules();

    /** By heading. */
    private static Map<String, String> sections() {
        Map<String, String> sections = new LinkedHashMap<>();
        String[] parts = read("incidents.md").split("(?m)(?=^## )");
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            String heading =
                    HEADING.matcher(part).results().findFirst().orElseThrow().group(1);
            assertThat(sections.put(heading, part))
                    .as("sections named %s", heading)
                    .isNull();
        }
        return sections;
    }

    /** By name. */
    private static Map<String, YamlNode> rules() {
        Map<String, YamlNode> rules = new TreeMap<>();
        YamlNode file = YamlNode.parse("alert-rules.yaml", read("alert-rules.yaml"), name -> null);
        for (YamlNode group : file.require("groups").items()) {
            group.require("rules")
                    .items()
                    .forEach(rule -> rules.put(rule.require("alert").text(), rule));
        }
        return rules;
    }

    private static String read(String name) {
        try {
            return Files.readString(DOCS.resolve(name));
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }

    @Test
    void page_hasASectionForEachRule_andForKindsThatHaveNone() {
        Set<String> expected = new TreeSet<>(rules.keySet());
        Set<String> kinds = codes();
        Set<String> others = sections.keySet().stream()
                .filter(heading -> !heading.startsWith("Miroir"))
                .collect(Collectors.toSet());
        assertThat(kinds).as("headings that are no rule").containsAll(others);
        expected.addAll(others);

        assertThat(sections.keySet()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void rule_leadsToItsSection() {
        rules.forEach((name, rule) -> assertThat(
                        rule.require("annotations").require("runbook_url").text())
                .isEqualTo("docs/operations/incidents.md#" + name.toLowerCase(Locale.ROOT)));
    }

    @Test
    void kind_isSaidToBeToldWhereItIsExplained() {
        Set<String> told = new TreeSet<>();
        sections.forEach((heading, section) -> {
            String line =
                    TOLD.matcher(section).results().findFirst().orElseThrow().group(1);
            CODE.matcher(line).results().forEach(code -> told.add(code.group(1)));
        });

        assertThat(told).isEqualTo(codes());
    }

    private static Set<String> codes() {
        return Arrays.stream(Kind.values()).map(Kind::code).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void section_saysWhatItMeans_andWhatToDo_inOneOrder() {
        sections.forEach((heading, section) -> assertThat(Pattern.compile("(?m)^- \\*\\*(.+?)\\*\\*: ")
                        .matcher(section)
                        .results()
                        .map(part -> part.group(1)))
                .as(heading)
                .containsExactlyElementsOf(PARTS));
    }

    @Test
    void link_withinThePage_leadsToASection() {
        Set<String> anchors = sections.keySet().stream()
                .map(each -> each.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        LINK.matcher(read("incidents.md"))
                .results()
                .forEach(link -> assertThat(anchors).contains(link.group(1)));
    }
}
