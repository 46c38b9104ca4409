package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.generated.Proves;
import miroir.index.registry.RegistryLoader;
import miroir.index.search.SearchExpression.TextMatch;
import miroir.index.search.SearchExpression.UriMatch;
import miroir.index.value.DateInterval;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchParserTest {
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    private static final Instant NOW = Instant.parse("2024-06-15T12:00:00Z");
    private static final SearchParameterRegistry REGISTRY = RegistryLoader.load(
            Set.of("Patient", "Practitioner", "Observation", "ValueSet", "Library", "Location"), List.of());
    private static final SearchParser PARSER =
            new SearchParser(REGISTRY, PARIS, Set.of("http://localhost:8080/fhir", "https://me.example/fhir/"));

    private static SearchRequest parse(String type, String query) {
        return PARSER.parse(type, QueryParameter.decode(query), Handling.STRICT, NOW);
    }

    private static SearchExpression expression(String type, String query) {
        return parse(type, query).expression();
    }

    private static SearchParameter parameter(String type, String code) {
        return Objects.requireNonNull(REGISTRY.find(type, code), code);
    }

    private static AbstractThrowableAssert<?, ?> refused(String type, String query, Refusal.Reason reason) {
        return assertThatThrownBy(() -> parse(type, query))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
    }

    // --- tokens

    @Test
    @Proves({"token, code", "token, system|code", "token, system|", "token, |code"})
    void parse_tokenForms() {
        SearchParameter identifier = parameter("Patient", "identifier");

        assertThat(expression("Patient", "identifier=1")).isEqualTo(new SearchExpression.Token(identifier, null, "1"));
        assertThat(expression("Patient", "identifier=s%7C1"))
                .isEqualTo(new SearchExpression.Token(identifier, "s", "1"));
        assertThat(expression("Patient", "identifier=s%7C"))
                .isEqualTo(new SearchExpression.Token(identifier, "s", null));
        assertThat(expression("Patient", "identifier=%7C1")).isEqualTo(new SearchExpression.Token(identifier, "", "1"));
        assertThat(expression("Patient", "identifier=a\\,b\\|c\\$d\\\\e"))
                .isEqualTo(new SearchExpression.Token(identifier, null, "a,b|c$d\\e"));
    }

    @Test
    @Proves({"alternatives by comma", "repetition means all of them"})
    void parse_commaIsOrAndRepetitionIsAnd() {
        SearchParameter gender = parameter("Patient", "gender");
        SearchExpression male = new SearchExpression.Token(gender, null, "male");
        SearchExpression other = new SearchExpression.Token(gender, null, "other");

        assertThat(expression("Patient", "gender=male,other")).isEqualTo(new SearchExpression.Or(List.of(male, other)));
        assertThat(expression("Patient", "gender=male&gender=other"))
                .isEqualTo(new SearchExpression.And(List.of(male, other)));
        assertThat(expression("Patient", "gender:not=male,other"))
                .isEqualTo(new SearchExpression.Not(new SearchExpression.Or(List.of(male, other))));
    }

    @Test
    void parse_ofTypeNeedsThreePartsAndAnIdentifier() {
        SearchParameter identifier = parameter("Patient", "identifier");

        assertThat(expression("Patient", "identifier:of-type=s%7CMR%7C12"))
                .isEqualTo(new SearchExpression.TypedIdentifier(identifier, "s", "MR", "12"));
        refused("Patient", "identifier:of-type=MR%7C12", Refusal.Reason.INVALID)
                .hasMessageContaining("type-system|type-code|value");
        refused("Patient", "gender:of-type=s%7CMR%7C12", Refusal.Reason.NOT_UNDERSTOOD)
                .hasMessageContaining("allowed are :not, :missing");
    }

    @Test
    void parse_tokenThatIsNoneIsRefused() {
        refused("Patient", "identifier=a%7Cb%7Cc", Refusal.Reason.INVALID).hasMessageContaining("\"a|b|c\"");
        refused("Patient", "identifier=%7C", Refusal.Reason.INVALID).hasMessageContaining("system|code");
        refused("Patient", "identifier=a\\b", Refusal.Reason.INVALID).hasMessageContaining("backslash");
        refused("Patient", "identifier=a\\", Refusal.Reason.INVALID).hasMessageContaining("backslash");
    }

    // --- strings

    @Test
    void parse_stringForms() {
        SearchParameter family = parameter("Patient", "family");

        assertThat(expression("Patient", "family=L%C3%A9a"))
                .isEqualTo(new SearchExpression.Text(family, "Léa", TextMatch.STARTS_WITH));
        assertThat(expression("Patient", "family:exact=L%C3%A9a"))
                .isEqualTo(new SearchExpression.Text(family, "Léa", TextMatch.EXACT));
        assertThat(expression("Patient", "family:contains=a|b$c"))
                .isEqualTo(new SearchExpression.Text(family, "a|b$c", TextMatch.CONTAINS));
        assertThat(expression("Patient", "family:missing=true")).isEqualTo(new SearchExpression.Missing(family, true));
    }

    @Test
    void parse_stringWithoutALetterIsRefused() {
        refused("Patient", "family=%20", Refusal.Reason.INVALID).hasMessageContaining("no letter");
        refused("Patient", "family=%CC%81", Refusal.Reason.INVALID).hasMessageContaining("no letter");
    }

    // --- references

    @Test
    @Proves({"reference, urn:uuid", "reference, absolute URL, of this server too"})
    void parse_referenceForms() {
        SearchParameter subject = parameter("Observation", "subject");
        SearchExpression typed = new SearchExpression.LocalReference(subject, "Patient", "12");

        assertThat(expression("Observation", "subject=12"))
                .isEqualTo(new SearchExpression.LocalReference(subject, null, "12"));
        assertThat(expression("Observation", "subject=Patient/12")).isEqualTo(typed);
        assertThat(expression("Observation", "subject=Patient/12/_history/3")).isEqualTo(typed);
        assertThat(expression("Observation", "subject:Patient=12")).isEqualTo(typed);
        assertThat(expression("Observation", "subject:Patient=Patient/12")).isEqualTo(typed);
        assertThat(expression("Observation", "subject=http://localhost:8080/fhir/Patient/12"))
                .isEqualTo(typed);
        assertThat(expression("Observation", "subject=https://me.example/fhir/Patient/12"))
                .isEqualTo(typed);
        assertThat(expression("Observation", "subject=https://other.example/fhir/Patient/12"))
                .isEqualTo(new SearchExpression.ForeignReference(subject, "https://other.example/fhir/Patient/12"));
        assertThat(expression("Observation", "subject=https://other.example/fhir/Patient/12/_history/2"))
                .isEqualTo(new SearchExpression.ForeignReference(subject, "https://other.example/fhir/Patient/12"));
        assertThat(expression("Observation", "subject=https://me.example/fhir/Patient/12/_history/2"))
                .isEqualTo(typed);
        assertThat(expression("Observation", "subject=urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"))
                .isEqualTo(new SearchExpression.ForeignReference(
                        subject, "urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"));
        assertThat(expression("Observation", "subject:identifier=s%7C1"))
                .isEqualTo(new SearchExpression.IdentifiedReference(subject, "s", "1"));
    }

    @Test
    void parse_canonicalKeepsItsVersion() {
        assertThat(expression("Library", "depends-on=http://example.org/Library/a%7C1.0"))
                .isEqualTo(new SearchExpression.ForeignReference(
                        parameter("Library", "depends-on"), "http://example.org/Library/a|1.0"));
    }

    @Test
    void parse_referenceThatIsNoneIsRefused() {
        refused("Observation", "subject=Organization/1", Refusal.Reason.INVALID)
                .hasMessageContaining("cannot refer to \"Organization\"")
                .hasMessageContaining("Patient");
        refused("Observation", "subject:Patient=Group/1", Refusal.Reason.INVALID)
                .hasMessageContaining("Group");
        refused("Observation", "subject:Organization=1", Refusal.Reason.NOT_UNDERSTOOD)
                .hasMessageContaining(":Organization is not known");
        refused("Observation", "subject=a%20b", Refusal.Reason.INVALID).hasMessageContaining("\"a b\"");
        refused("Observation", "subject=Patient/1/_history/", Refusal.Reason.INVALID);
        refused("Observation", "subject=1/_history/2", Refusal.Reason.INVALID);
        refused("Observation", "subject=Patient/1/_history/a/b", Refusal.Reason.INVALID);
        refused("Observation", "subject=Patient/1/extra", Refusal.Reason.INVALID);
        refused("Observation", "subject=%23contained", Refusal.Reason.INVALID);
        refused("Observation", "subject:identifier=%7C", Refusal.Reason.INVALID).hasMessageContaining("system|value");
        refused("Observation", "subject:identifier=a%7Cb%7Cc", Refusal.Reason.INVALID)
                .hasMessageContaining("system|value");
    }

    // --- dates

    @Test
    void parse_datePrefixes() {
        SearchParameter birthdate = parameter("Patient", "birthdate");
        DateInterval day = DateInterval.parse("2000-01-02", PARIS);

        assertThat(expression("Patient", "birthdate=2000-01-02"))
                .isEqualTo(new SearchExpression.Date(birthdate, Prefix.EQ, day));
        for (Prefix prefix : Prefix.values()) {
            if (prefix != Prefix.AP) {
                assertThat(expression("Patient", "birthdate=" + prefix.code() + "2000-01-02"))
                        .isEqualTo(new SearchExpression.Date(birthdate, prefix, day));
            }
        }
    }

    @Test
    void parse_approximateIsWidenedByATenthOfTheDistanceFromNow() {
        SearchExpression expression = expression("Patient", "birthdate=ap2024-06-05T12:00:00Z");

        long distance =
                NOW.toEpochMilli() - Instant.parse("2024-06-05T12:00:00.999Z").toEpochMilli();
        assertThat(expression)
                .isEqualTo(new SearchExpression.Date(
                        parameter("Patient", "birthdate"),
                        Prefix.AP,
                        new DateInterval(
                                Instant.parse("2024-06-05T12:00:00Z").toEpochMilli() - distance / 10,
                                Instant.parse("2024-06-05T12:00:00.999Z").toEpochMilli() + distance / 10)));
    }

    @Test
    @Proves("a prefix that R4 does not have")
    void parse_dateThatIsNoneIsRefused() {
        refused("Patient", "birthdate=2000-13", Refusal.Reason.INVALID)
                .hasMessageContaining("birthdate")
                .hasMessageContaining("\"2000-13\"");
        refused("Patient", "birthdate=xx2000", Refusal.Reason.INVALID).hasMessageContaining("eq, ne, gt");
        refused("Patient", "birthdate=GE2000", Refusal.Reason.INVALID).hasMessageContaining("did you mean \"ge\"");
        refused("Patient", "birthdate=ge", Refusal.Reason.INVALID);
        refused("Patient", "birthdate:exact=2000", Refusal.Reason.NOT_UNDERSTOOD);
        refused("Patient", "_lastUpdated=yesterday", Refusal.Reason.INVALID).hasMessageContaining("_lastUpdated");
    }

    // --- uris and what every type has

    @Test
    void parse_uriForms() {
        SearchParameter url = parameter("ValueSet", "url");

        assertThat(expression("ValueSet", "url=urn:oid:1.2"))
                .isEqualTo(new SearchExpression.Uri(url, "urn:oid:1.2", UriMatch.EQUAL));
        assertThat(expression("ValueSet", "url:below=http://a.org/b"))
                .isEqualTo(new SearchExpression.Uri(url, "http://a.org/b", UriMatch.BELOW));
        assertThat(expression("ValueSet", "url:above=http://a.org/b"))
                .isEqualTo(new SearchExpression.Uri(url, "http://a.org/b", UriMatch.ABOVE));
        refused("ValueSet", "url:below=urn:oid:1.2", Refusal.Reason.INVALID).hasMessageContaining("no parents");
    }

    @Test
    void parse_parametersOfEveryType() {
        assertThat(expression("Patient", "_id=a,b"))
                .isEqualTo(
                        new SearchExpression.Or(List.of(new SearchExpression.Id("a"), new SearchExpression.Id("b"))));
        assertThat(expression("Patient", "_id:not=a"))
                .isEqualTo(new SearchExpression.Not(new SearchExpression.Id("a")));
        assertThat(expression("Patient", "_lastUpdated=ge2024"))
                .isEqualTo(new SearchExpression.LastUpdated(Prefix.GE, DateInterval.parse("2024", PARIS)));
        assertThat(parse("Patient", "_id:missing=true").where()).isEqualTo(Condition.none());
        assertThat(parse("Patient", "_lastUpdated:missing=false").where()).isEqualTo(Condition.all());
        assertThat(parse("Patient", "_tag=a&_profile=http://p&_security=s&_source=http://x&_language=fr")
                        .applied())
                .hasSize(5);
        refused("Patient", "_id=a%7Cb", Refusal.Reason.INVALID).hasMessageContaining("not an id");
    }

    // --- how to answer

    @Test
    @Proves("_count")
    void parse_countIsCappedAndAppliedAsSuch() {
        SearchRequest request = parse("Patient", "_count=50000&gender=male");

        assertThat(request.count()).isEqualTo(1000);
        assertThat(request.applied())
                .containsExactly(new QueryParameter("_count", "1000"), new QueryParameter("gender", "male"));
        assertThat(parse("Patient", "_count=999999999999999999").count()).isEqualTo(1000);
        assertThat(parse("Patient", "_count=0").count()).isZero();
        assertThat(parse("Patient", "").count()).isEqualTo(50);
        refused("Patient", "_count=-1", Refusal.Reason.INVALID);
        refused("Patient", "_count=", Refusal.Reason.INVALID);
        refused("Patient", "_count=1&_count=2", Refusal.Reason.INVALID).hasMessageContaining("twice");
    }

    @Test
    void parse_totalModes() {
        assertThat(parse("Patient", "").total()).isEqualTo(TotalMode.UNASKED);
        assertThat(parse("Patient", "_total=none").total()).isEqualTo(TotalMode.NONE);
        assertThat(parse("Patient", "_total=estimate").total()).isEqualTo(TotalMode.ESTIMATE);
        assertThat(parse("Patient", "_total=accurate").total()).isEqualTo(TotalMode.ACCURATE);
        refused("Patient", "_total=unasked", Refusal.Reason.INVALID).hasMessageContaining("none, estimate, accurate");
    }

    // --- what is not understood

    @Test
    void parse_unknownParameterIsNamedWithTheNearest() {
        refused("Patient", "famly=x", Refusal.Reason.INVALID)
                .hasMessageContaining("\"famly=x\"")
                .hasMessageContaining("did you mean \"family\"")
                .hasMessageContaining("birthdate")
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.path()).isEqualTo("http.famly"));
        refused("Patient", "lastUpdated=2024", Refusal.Reason.INVALID).hasMessageContaining("\"_lastUpdated\"");
        refused("Patient", "family:exat=x", Refusal.Reason.NOT_UNDERSTOOD)
                .hasMessageContaining("did you mean \"exact\"");
        refused("Patient", "=x", Refusal.Reason.INVALID);
        refused("Patient", ":exact=x", Refusal.Reason.INVALID);
        refused("Patient", "_count:exact=1", Refusal.Reason.INVALID);
        refused("Patient", "$where=1", Refusal.Reason.INVALID);
    }

    @Test
    @Proves({
        "special: near",
        "_text",
        "_content",
        "_list where lists are not served",
        "_filter",
        "_contained, _containedType"
    })
    void parse_whatIsNotOfferedIsRefusedAsSuch() {
        refused("Patient", "_list=x", Refusal.Reason.NOT_UNDERSTOOD)
                .hasMessageContaining("not supported by this server");
        for (String query :
                List.of("_filter=x", "_text=x", "_content=x", "_contained=true", "_containedType=contained")) {
            refused("Patient", query, Refusal.Reason.NOT_UNDERSTOOD)
                    .hasMessageContaining("not supported by this server");
        }
        refused("Location", "near=1%7C2", Refusal.Reason.NOT_UNDERSTOOD);
    }

    @Test
    @Proves({"token :text, where it does not", "string :text", "reference :above, :below", "_query"})
    void parse_whatChangesTheMeaning_isRefusedLenientlyToo() {
        for (String query : List.of(
                "gender:above=x%7Cy",
                "gender:text=x",
                "gender:nonsense=x",
                "family:text=x",
                "organization:above=x",
                "organization:below=x",
                "general-practitioner:Practitioner.name:nonsense=x",
                "_has:Observation:subject:code:nonsense=x",
                "_query=x")) {
            refused("Patient", query, Refusal.Reason.NOT_UNDERSTOOD);
            assertThatThrownBy(() -> PARSER.parse("Patient", QueryParameter.decode(query), Handling.LENIENT))
                    .isInstanceOfSatisfying(
                            Refusal.class,
                            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_UNDERSTOOD));
        }
    }

    @Test
    void parse_whatIsDoneAnyway_mayBeAskedFor() {
        List<QueryParameter> usual = QueryParameter.decode("_contained=false&_containedType=container");

        assertThat(PARSER.parse("Patient", usual, Handling.STRICT).applied()).isEqualTo(usual);
    }

    @Test
    @Proves("Prefer: handling=lenient")
    void parse_lenientLeavesOutWhatIsUnknownAndSaysSo() {
        SearchRequest request = PARSER.parse(
                "Patient", QueryParameter.decode("famly=x&_sort=nonsense&family=&gender=male"), Handling.LENIENT);

        assertThat(request.applied()).containsExactly(new QueryParameter("gender", "male"));
        assertThat(request.warnings()).hasSize(3).allMatch(warning -> warning.startsWith("ignored: parameter "));
    }

    @Test
    @Proves("a value that cannot be read is refused, leniently too")
    void parse_lenientRefusesABadValue() {
        assertThatThrownBy(() ->
                        PARSER.parse("Patient", List.of(new QueryParameter("birthdate", "soon")), Handling.LENIENT))
                .isInstanceOf(Refusal.class);
    }

    @Test
    @Proves("an empty value is refused")
    void parse_emptyValuesAreRefused() {
        refused("Patient", "family=", Refusal.Reason.INVALID).hasMessageContaining(":missing");
        refused("Patient", "family", Refusal.Reason.INVALID);
        refused("Patient", "family=a,,b", Refusal.Reason.INVALID).hasMessageContaining("between commas");
        refused("Patient", "family:missing=yes", Refusal.Reason.INVALID).hasMessageContaining("true, false");
    }

    @Test
    void parse_modifierOfLastUpdated_isRefusedWithThoseThatWork() {
        refused("Patient", "_lastUpdated:not=2024", Refusal.Reason.NOT_UNDERSTOOD)
                .hasMessageContaining("allowed are :missing")
                .hasMessageNotContaining(":not,");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "identifier=a%7Cb%7C",
                "_id=a_",
                "_lastUpdated=x",
                "birthdate=x",
                "_profile:below=x",
                "_count=x",
                "_total=x",
                "general-practitioner=_",
                "general-practitioner=No/",
                "birthdate:missing=x"
            })
    void parse_longValue_isShownInPart(String start) {
        refused("Patient", start + "y".repeat(60_000) + "/", Refusal.Reason.INVALID)
                .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(2_000));
    }

    @Test
    void parse_longModifier_isShownInPart() {
        refused("Patient", "general-practitioner:x" + "y".repeat(60_000) + "=1", Refusal.Reason.NOT_UNDERSTOOD)
                .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(2_000));
    }

    @Test
    @Proves("bounds of a query")
    void parse_boundsAreKept() {
        refused("Patient", "_id=" + "a,".repeat(1000) + "a", Refusal.Reason.INVALID)
                .hasMessageContaining("1001 values")
                .hasMessageContaining("at most 1000")
                .hasMessageNotContaining("a,".repeat(500));
        refused("Patient", "gender=male&".repeat(101), Refusal.Reason.INVALID).hasMessageContaining("at most 100");
        refused("Patient", "family=" + "a".repeat(70_000), Refusal.Reason.INVALID)
                .hasMessageContaining("65536");
    }
}
