package miroir.index.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import miroir.index.Refusal;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What expressions give of one patient, and which ones are refused. */
class ExpressionTest {
    private static final RawBsonDocument PATIENT = RawBsonDocument.parse("""
            {resourceType: 'Patient', id: 'p1', active: true, gender: 'female',
             birthDate: '1970-06', _birthDate: {extension: [{url: 'http://x/time', valueDateTime: '1970-06-02T10:00:00Z'}]},
             deceasedDateTime: '2020-01-31T10:00:00+01:00', multipleBirthInteger: 2,
             name: [{use: 'official', family: 'Lefèvre', given: ['Zoë', 'Anne']}, {family: 'Roy', given: ['Z']}],
             address: [{line: [null, 'rue \\'A\\''], _line: [{extension: [{url: 'http://x/number', valueString: '14'}]}, null], city: 'Lyon'}],
             telecom: [{system: 'phone', value: '01', rank: 1}, {system: 'email', value: 'a@b', rank: 2}],
             contact: [{name: {family: 'X'}}],
             contained: [{resourceType: 'Organization', id: 'o', name: 'Ö'}, {resourceType: 'Practitioner', id: 'c', active: false}],
             generalPractitioner: [{reference: 'Practitioner/a'}, {reference: 'https://own/fhir/Organization/b/_history/2'},
               {reference: '#c'}, {display: 'nobody'}, {reference: 'https://else/fhir/Practitioner/d'},
               {reference: 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0', type: 'Practitioner'}]}""");

    private static @Nullable String value(String path) {
        ViewRows rows = ViewRows.of("""
                {"resource": "Patient", "constant": [{"name": "two", "valueInteger": 2}, {"name": "word", "valueString": "Lyon"},
                   {"name": "huge", "valueDecimal": "1e6000"}],
                 "select": [{"column": [{"name": "v", "path": "%s"}]}]}""".formatted(path.replace("\\", "\\\\")));
        rows.add(PATIENT);
        return rows.rows().get(0).get(0);
    }

    private static String refusal(String path) {
        try {
            return String.valueOf(value(path));
        } catch (RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "id | p1",
                "Patient.id | p1",
                "`id` | p1",
                "$this.active | true",
                "name.first().family | Lefèvre",
                "name[1].family | Roy",
                "name.given[2] | Z",
                "name.given.join(', ') | Zoë, Anne, Z",
                "name.where(use = 'official').given.first() | Zoë",
                "name.where(use = 'old').given.join() |",
                "name.where(given.where($this = 'Anne').exists()).family | Lefèvre",
                "name.exists(family = 'Roy') | true",
                "name.suffix.empty() | true",
                "active.not() | false",
                "photo.size.first() > 1 |",
                "(photo.size.first() > 1).not() |",
                "photo.size.first() > 1 or active | true",
                "photo.size.first() > 1 and active.not() | false",
                "active and gender = 'female' or false | true",
                "gender != 'male' | true",
                "multipleBirth.ofType(integer) + 1 | 3",
                "multipleBirth.ofType(integer) * %two - 1 | 3",
                "-multipleBirth.ofType(integer) | -2",
                "1 / 4 | 0.25",
                "1 / 0 |",
                "(1 + 2) * 3 = 9 | true",
                "1 + 2 * 3 | 7",
                "1.10 + 1 | 2.1",
                "'a' + 'b' & 'c' | abc",
                "photo.title.first() & 'x' | x",
                "photo.title.first() + 'x' |",
                "'it\\'s' | it's",
                "telecom.where(rank >= 2).value | a@b",
                "telecom.value = telecom.value | true",
                "telecom.value = name.family | false",
                "address.city = %word | true",
                "birthDate < @1971 | true",
                "birthDate > @1970 |",
                "birthDate = @1970-06 | true",
                "birthDate = @1970-06-01 |",
                "deceased.ofType(dateTime) = @2020-01-31T09:00:00Z | true",
                "deceased.ofType(dateTime) = @2020-01-31T09:00:00.000Z | true",
                "deceased.ofType(dateTime) > @2020-01-29 | true",
                "deceased.ofType(dateTime) > @2020-01-30 |",
                "deceased.ofType(boolean) |",
                "deceased.exists() | true",
                "birthDate.extension('http://x/time').value.ofType(dateTime) | 1970-06-02T10:00:00Z",
                "birthDate.extension('http://x/other').exists() | false",
                "address.line.first() |",
                "address.line[0] |",
                "address.line[1] | rue 'A'",
                "address.line.join() | rue 'A'",
                "address.line.first().extension('http://x/number').value.ofType(string) | 14",
                "@T10:00.lowBoundary() | 10:00:00.000",
                "@T10:00.highBoundary() | 10:00:59.999",
                "@T10:00 < @T10:00:30 |",
                "@T10:00 = @T10:00:00 |",
                "@T10:00 < @T10:01:30 | true",
                "@T10:00:00 = @T10:00:00.000 | true",
                "@T10:00:00.5 > @T10:00:00 | true",
                "%huge * %huge |",
                "%huge * 10 / %huge | 10",
                "address.line.extension('http://x/number').value.ofType(string) | 14",
                "birthDate.lowBoundary() | 1970-06-01",
                "birthDate.highBoundary() | 1970-06-30",
                "deceased.ofType(dateTime).lowBoundary() | 2020-01-31T10:00:00.000+01:00",
                "@2024-02.highBoundary() | 2024-02-29",
                "@2024.lowBoundary() | 2024-01-01",
                "@T12:30:00.highBoundary() | 12:30:00.999",
                "1.587.lowBoundary() | 1.5865",
                "getResourceKey() | Patient/p1",
                "generalPractitioner.getReferenceKey(Practitioner).first() | Practitioner/a",
                "generalPractitioner.getReferenceKey(Organization) | Organization/b",
                "generalPractitioner.getReferenceKey().join(' ') | Practitioner/a Organization/b",
                "contained.ofType(Practitioner).active | false",
                "contained.ofType(Organization).where(name = 'Ö').id | o",
                "contained.id.join('+') | o+c",
                "contained.ofType(Device).exists() | false",
                "%rowIndex + 1 | 1"
            })
    void value_ofExpression(String path, @Nullable String expected) {
        assertThat(value(path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "nmae | nmae is not an element of Patient; allowed are active, address",
                "name.familly | at character 6 of \"name.familly\": familly is not an element of HumanName",
                "deceasedBoolean | write deceased.ofType(boolean)",
                "deceased | narrow it by .ofType",
                "deceased.ofType(string) | deceased is never of the type string; it is boolean or dateTime",
                "name.ofType(Quantity) | never of the type Quantity",
                "name.ofType(Foo) | Foo is not a type of FHIR R4",
                "name | a column is of what has no parts, and the path gives HumanName",
                "Observation.id | Observation is not what this is asked of, which is Patient",
                "name.count() | the function count() is not one that views have",
                "name.first(1) | first() has 1 arguments; allowed are 0",
                "name.where() | where() has 0 arguments; allowed are 1",
                "name.where(family).exists() | what is true or false is expected, and this is string",
                "active and gender | what is true or false is expected, and this is code",
                "gender > 1 | code and integer cannot be compared by >",
                "birthDate = '1970-06' | a date is written @2026-01-31",
                "name = name | HumanName and HumanName cannot be compared by =",
                "active > false | cannot be compared by >",
                "gender + 1 | a text is expected, and this is integer",
                "active - 1 | a number is expected, and this is boolean",
                "%three | %three is not a constant of the view; there are %rowIndex, %huge, %two, %word",
                "name[-1].family | an index is expected",
                "name[%word].family | an index is expected",
                "name[%rowIndex].family | an index is expected",
                "contact.getResourceKey() | getResourceKey() is asked of the resource itself",
                "name.getReferenceKey() | getReferenceKey() is asked of a Reference, and this is HumanName",
                "generalPractitioner.getReferenceKey(Foo) | Foo is not a resource type",
                "gender.lowBoundary() | numbers, dates and times have boundaries, and this is code",
                "name.extension(family) | a text between quotes is expected",
                "generalPractitioner.resolve() | the function resolve() is not one that views have",
                "%resource.id | %resource is not a constant",
                "@2024-13 | @2024-13 is not a date",
                "contained.name | name is not an element of Resource",
                "1234567890123456789012345678901234567890 | the number has too many digits",
                "@@ | a date is expected behind @",
                "name.'x' | \"x\" is not understood here",
                "'open | the closing ' is missing",
                "name.where(use = 'a' | ) is expected instead of the end"
            })
    void value_ofWhatIsNotUnderstood_isRefused(String path, String reason) {
        assertThat(refusal(path)).contains(reason);
    }

    @Test
    void value_union_isRefused() {
        assertThat(refusal("name.family | telecom.value")).contains("\"|\" is not understood here");
    }

    @Test
    void value_severalWhereOneIsExpected_isRefusedWhenItIsRun() {
        assertThatThrownBy(() -> value("name.family"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("of Patient/p1: the column \"v\" has several values");
        assertThatThrownBy(() -> value("telecom.rank + 1"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("several values");
        assertThatThrownBy(() -> value("name.given > 'a'"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("several values");
    }

    @Test
    void value_tooLongOrTooDeep_isRefused() {
        assertThat(refusal("(".repeat(100) + "id" + ")".repeat(100))).contains("it nests too deep");
        assertThat(refusal("id = " + "'x' = ".repeat(300) + "'x'")).contains("it is too long");
        assertThat(refusal("'" + "x".repeat(3_000) + "'")).contains("it is too long; allowed are 2000 characters");
        assertThat(List.of(refusal("-".repeat(400) + "1"))).isNotEmpty();
    }

    /** Each step is compiled once, however they nest. */
    @Test
    void value_longChains_areReadAtOnce() {
        String path = "name" + ".where(given.exists())".repeat(40) + ".family.first()";
        assertThat(value(path)).isEqualTo("Lefèvre");
        assertThat(value("1" + " + 1".repeat(200))).isEqualTo("201");
    }
}
