package miroir.server.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NegotiationTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            none                                                                | JSON
            ''                                                                  | JSON
            */*                                                                 | JSON
            *                                                                   | JSON
            application/*                                                       | JSON
            text/*                                                              | JSON
            application/fhir+json                                               | JSON
            application/json                                                    | JSON
            text/json                                                           | JSON
            application/fhir+xml                                                | XML
            Application/FHIR+XML; charset=utf-8                                 | XML
            application/xml                                                     | XML
            text/xml                                                            | XML
            application/fhir+xml, application/fhir+json                         | JSON
            application/fhir+xml;q=1.0, application/fhir+json;q=1.0             | JSON
            application/fhir+xml, application/fhir+json;q=0.9                   | XML
            application/fhir+xml;q=0.5, application/fhir+json;q=0.1             | XML
            application/fhir+xml;q=0.5, */*                                     | JSON
            application/fhir+xml, */*;q=0.1                                     | XML
            application/fhir+json;q=0, */*;q=0.1                                | XML
            application/json;q=0, */*                                           | JSON
            application/json;q=0.2, application/xml;q=0.3, image/png            | XML
            application/fhir+json;fhirVersion=3.0, application/fhir+xml;q=0.1   | XML
            application/fhir+xml;fhirVersion="4.0"                              | XML
            text/turtle, application/fhir+xml;q=0.001                           | XML
            text/html, image/gif, image/jpeg, */*; q=.2                         | JSON
            application/fhir+xml, text/html;q=0.5                               | XML
            """)
    void accept_choosesByQualityAndCloseness(String accept, Format format) {
        assertThat(Negotiation.of(List.of(), accept, Format.JSON).format()).isEqualTo(format);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            none                                                             | XML
            */*                                                              | XML
            application/fhir+json;q=0.5, application/fhir+xml;q=0.5          | XML
            application/fhir+json                                            | JSON
            application/fhir+json, application/fhir+xml;q=0.9                | JSON
            text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8  | XML
            text/html, application/json;q=0.9                                | JSON
            application/xml;q=0, */*                                         | XML
            """)
    void accept_whereXmlIsPreferred_choosesItUnlessJsonIsWantedMore(String accept, Format format) {
        assertThat(Negotiation.of(List.of(), accept, Format.XML).format()).isEqualTo(format);
        assertThat(Negotiation.of(query("_format=json"), accept, Format.XML).format())
                .isEqualTo(Format.JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
                "text/html, application/json;q=0.9, */*;q=0.8",
            })
    void browser_getsJsonForPeople(String accept) {
        assertThat(Negotiation.of(List.of(), accept, Format.JSON)).isEqualTo(new AnswerFormat(Format.JSON, true));
        assertThat(Negotiation.of(query("_pretty=false"), accept, Format.JSON)).isEqualTo(AnswerFormat.PLAIN_JSON);
        assertThat(Negotiation.of(query("_format=xml"), accept, Format.JSON))
                .isEqualTo(new AnswerFormat(Format.XML, false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/fhir+json;q=0             | allowed: application/fhir+json, application/fhir+xml
            text/turtle                           | Accept: text/turtle
            text/html                             | allowed
            application/fhir+json;fhirVersion=3.0 | fhirVersion=3.0
            image/*                               | allowed
            """)
    void accept_ofNothingThatIsGiven_isNotAcceptable(String accept, String message) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Negotiation.of(List.of(), accept, Format.JSON))
                .withMessageContaining(message)
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_ACCEPTABLE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "-1", "high", "", ".", "1.5.2"})
    void quality_thatIsNone_isRefused(String quality) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Negotiation.of(List.of(), "application/json;q=" + quality, Format.JSON))
                .withMessageContaining("q from 0 to 1");
    }

    @ParameterizedTest
    @CsvSource({
        "json, JSON",
        "application/json, JSON",
        "text/json, JSON",
        "application/fhir+json, JSON",
        "application/fhir json, JSON",
        "application/fhir+json;fhirVersion=4.0, JSON",
        "xml, XML",
        "XML, XML",
        "text/xml, XML",
        "application/xml, XML",
        "application/fhir+xml, XML",
        "application/fhir xml, XML"
    })
    void format_decidesAlone(String value, Format format) {
        List<QueryParameter> query = List.of(new QueryParameter("_format", value));

        assertThat(Negotiation.of(query, "text/turtle", Format.JSON).format()).isEqualTo(format);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"html", "text/html", "ttl", "text/turtle", "*/*", "", "application/fhir+xml;fhirVersion=3.0"})
    void format_thatIsNotGiven_isNotAcceptable(String value) {
        List<QueryParameter> query = List.of(new QueryParameter("_format", value));

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Negotiation.of(query, "application/fhir+json", Format.JSON))
                .withMessageContaining("_format=" + value)
                .withMessageContaining("_format also: json, xml")
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_ACCEPTABLE));
    }

    @Test
    void format_givenTwice_isRefused() {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Negotiation.of(query("_format=json&_format=xml"), null, Format.JSON))
                .withMessageContaining("json and as xml");
    }

    @Test
    void pretty_isTrueOrFalse() {
        assertThat(Negotiation.of(query("_pretty=true"), null, Format.JSON).isPretty())
                .isTrue();
        assertThat(Negotiation.of(query("_pretty=true&_pretty=false"), null, Format.JSON)
                        .isPretty())
                .isFalse();
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Negotiation.of(query("_pretty=yes"), null, Format.JSON));
    }

    @Test
    void failure_withAnythingThatIsNotUnderstood_isJson() {
        assertThat(AnswerFormat.ofFailure("_format=xml", "nonsense").format()).isEqualTo(Format.XML);
        assertThat(AnswerFormat.ofFailure("%%%", "application/xml").format()).isEqualTo(Format.XML);
        assertThat(AnswerFormat.ofFailure("_format=html", "application/xml")).isEqualTo(AnswerFormat.PLAIN_JSON);
        assertThat(AnswerFormat.ofFailure((String) null, "a;q=x, application/xml"))
                .isEqualTo(new AnswerFormat(Format.XML, false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/fhir+xml                    | XML
            text/xml; charset=UTF-8                 | XML
            application/json;charset="utf-8"        | JSON
            application/fhir+json; fhirVersion=4.0  | JSON
            """)
    void body_ofEitherFormat_isTaken(String contentType, Format format) {
        assertThat(Format.ofBody(contentType)).isEqualTo(format);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            none                                   | without Content-Type
            text/plain                             | text/plain; allowed: application/fhir+json, application/fhir+xml
            application/xhtml+xml                  | allowed
            application/fhir+xml;charset=utf-16    | utf-16
            application/fhir+xml;fhirVersion=3.0   | fhirVersion=3.0
            """)
    void body_ofAnythingElse_isRefused(String contentType, String message) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Format.ofBody(contentType))
                .withMessageContaining(message)
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.UNSUPPORTED_MEDIA_TYPE));
    }

    private static List<QueryParameter> query(String query) {
        return QueryParameter.decode(query);
    }
}
