package miroir.simulator.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import miroir.simulator.Kind;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
    private static final BsonDocument RESOURCE = BsonDocument.parse("""
            {"resourceType": "Organization", "id": "001-01-1", "active": true, "name": "CENTRE D'IMAGERIE ÉTOILE",
             "meta": {"extension": [{"url": "https://x/as-ext-data-trace", "extension": [
                {"url": "systeme-information", "valueCode": "FINESS"}]}]},
             "extension": [{"url": "https://x/as-ext-organization-pharmacy-licence", "valueString": "62#000123"}],
             "identifier": [{"system": "https://finess.esante.gouv.fr", "value": "990001012",
                "type": {"coding": [{"system": "https://v2-0203", "code": "FINEG"}]}}],
             "type": [{"coding": [{"system": "https://r66", "code": "101"}]},
                      {"coding": [{"system": "https://r02", "code": "SA01"}]}],
             "telecom": [{"system": "email", "value": "plain@example.fr"},
                         {"extension": [{"url": "https://x/as-ext-mailbox-mss-metadata"}], "value": "a@mssante.fr"}],
             "address": [{"city": "BERCK", "line": [null], "postalCode": "62600"}],
             "partOf": {"reference": "Organization/001-02-7"}}""");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "name=centre;true",
                "name=etoile;false",
                "name:contains=etoile;true",
                "name:exact=CENTRE D'IMAGERIE ÉTOILE;true",
                "name:exact=centre d'imagerie étoile;false",
                "name:text=centre;true",
                "name=nothing,centre;true",
                "identifier=990001012;true",
                "identifier=https://finess.esante.gouv.fr|990001012;true",
                "identifier=https://finess.esante.gouv.fr|;true",
                "identifier=|990001012;true",
                "identifier=https://other|990001012;false",
                "identifier-type=FINEG;true",
                "type=159,101;true",
                "type=https://r02|159,101;true",
                "type:not=159;true",
                "type:not=101,159;false",
                "mailbox-mss=a@;true",
                "mailbox-mss:contains=example.fr;false",
                "partof=001-02-7;true",
                "partof=Organization/001-02-7;true",
                "partof=001-02-8;false",
                "pharmacy-licence=62#;true",
                "address-postalcode=62;true",
                "address-city=berck;true",
                "address=62600;true",
                "address-line=DIDOT;false",
                "data-information-system=FINESS;true",
                "data-information-system=RPPS;false",
                "active:not=true;false"
            })
    void criterion_ofAnOrganization_isDecidedAsUpstream(String asked, boolean expected) {
        String[] parts = asked.replace("#", "%23").replace("|", "%7C").split("=", 2);
        Query query = QueryParser.parse(Kind.ORGANIZATION, parts[0] + "=" + parts[1].replace(" ", "+"));

        assertThat(query.criteria()).singleElement().matches(criterion -> criterion.holds(RESOURCE) == expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"address-city=X", "_sort=name", "_summary=count", "_since=2020", "_has:x=1", "nonsense=1"})
    void parse_unknownParameter_isRefusedByName(String query) {
        String name = query.split("[:=]", -1)[0];

        assertThatThrownBy(() -> QueryParser.parse(Kind.PRACTITIONER, query))
                .isInstanceOf(SearchRefused.class)
                .hasMessage("Parameter " + name + " not found for resource Practitioner");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_count=x",
                "_count=-1",
                "_total=maybe",
                "_lastUpdated=gexx",
                "_lastUpdated=zz2026-01-01",
                "_include=Organization:partof",
                "_include=PractitionerRole:nothing",
                "_revinclude=Device:organization",
                "_lastUpdated=2026-01-01T00:00:00%",
            })
    void parse_badValue_isRefused(String query) {
        assertThatThrownBy(() -> QueryParser.parse(Kind.PRACTITIONER_ROLE, query))
                .isInstanceOf(SearchRefused.class);
    }

    @ParameterizedTest
    @CsvSource({
        "ge2026-08-25, 2026-08-24T22:00:00Z, ",
        "gt2026-08-25, 2026-08-25T22:00:00Z, ",
        "lt2026-08-25, , 2026-08-24T22:00:00Z",
        "le2026-08-25, , 2026-08-25T22:00:00Z",
        "2026-08-25, 2026-08-24T22:00:00Z, 2026-08-25T22:00:00Z",
        "2020, 2019-12-31T23:00:00Z, 2020-12-31T23:00:00Z",
        "2022-08, 2022-07-31T22:00:00Z, 2022-08-31T22:00:00Z",
        "ge2022-12-15T15:00:00, 2022-12-15T14:00:00Z, ",
        "ge2022-12-15T15:00:00.5Z, 2022-12-15T15:00:00.500Z, ",
        "sa2022-12-15T15:00:00Z, 2022-12-15T15:00:01Z, ",
        "eb2022-12-15T15:00:00+01:00, , 2022-12-15T14:00:00Z",
    })
    void span_ofLastUpdated_followsPrefixAndPrecision(String value, String from, String until) {
        Query query = QueryParser.parse(Kind.DEVICE, "_lastUpdated=" + value.replace("+", "%2B"));

        assertThat(query.span().from()).isEqualTo(millis(from, Long.MIN_VALUE));
        assertThat(query.span().until()).isEqualTo(millis(until, Long.MAX_VALUE));
    }

    private static long millis(String instant, long otherwise) {
        return instant == null ? otherwise : Instant.parse(instant).toEpochMilli();
    }

    @Test
    void parse_twoBounds_areBothHeld() {
        Query query = QueryParser.parse(Kind.DEVICE, "_lastUpdated=ge2026-08-25&_lastUpdated=lt2026-08-26");

        assertThat(query.span().until() - query.span().from()).isEqualTo(86_400_000L);
    }
}
