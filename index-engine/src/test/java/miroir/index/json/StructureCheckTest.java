package miroir.index.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.structure.Structures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StructureCheckTest {
    private final ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'resourceType':'Patient'}",
                "{'id':'a','resourceType':'Patient'}",
                "{'resourceType':'Patient','birthDate':'2024-02-29','_birthDate':{'extension':[{'url':'u','valueCode':'a'}]}}",
                "{'resourceType':'Patient','_birthDate':{'id':'x'}}",
                "{'resourceType':'Patient','deceasedBoolean':false,'multipleBirthInteger':0}",
                "{'resourceType':'Organization','address':[{'line':[null],'_line':[{'extension':[{'url':'u','valueString':'a'}]}]}]}",
                "{'resourceType':'Organization','address':[{'line':['a'],'_line':[null,{'id':'b'}]}]}",
                "{'resourceType':'Organization','address':[{'_line':[{'id':'b'}]}]}",
                "{'resourceType':'Patient','text':{'status':'empty','div':'<div xmlns=\\'http://www.w3.org/1999/xhtml\\'/>'}}",
                "{'resourceType':'Patient','contained':[{'resourceType':'Organization','id':'o'}]}",
                "{'resourceType':'Bundle','type':'batch','entry':[{'resource':{'id':'a','resourceType':'Device'}}]}",
                "{'resourceType':'Parameters','parameter':[{'name':'a','resource':{'resourceType':'Device'}}]}",
                "{'resourceType':'Device','property':[{'type':{'text':'a'},'valueQuantity':[{'value':1e3}]}]}",
                "{'resourceType':'Patient','meta':{'lastUpdated':'2024-01-01T23:59:60.123+14:00'}}",
                "{'resourceType':'Patient','photo':[{'data':'AAAA\\nAA=='}]}",
            })
    void rightStructure_isAccepted(String json) {
        assertThatCode(() -> read(json)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'resourceType':'Patent'} | Resource.resourceType | did you mean 'Patient'?",
                "{'resourceType':'DomainResource'} | Resource.resourceType | 'DomainResource' is not a resource type",
                "{'resourceType':7} | Resource | resourceType is missing",
                "{'birthDate':'2020'} | Resource | resourceType is missing",
                "{'resourceType':'Patient','birthdate':'2020'} | Patient.birthdate | did you mean 'birthDate'?",
                "{'resourceType':'Patient','name':[{'resourceType':'HumanName'}]} | Patient.name[0].resourceType | HumanName has no element",
                "{'resourceType':'Patient','_name':[{'id':'a'}]} | Patient.name | Patient has no element '_name'",
                "{'resourceType':'Patient','text':{'status':'empty','div':'<div/>','_div':{'id':'a'}}} | Patient.text.div | Narrative has no element '_div'",
                "{'resourceType':'Patient','name':[{'id':'a','_id':{'id':'b'}}]} | Patient.name[0].id | HumanName has no element '_id'",
                "{'resourceType':'Patient','extension':[{'url':'u','_url':{'id':'a'},'valueCode':'c'}]} | Patient.extension[0].url | Extension has no element '_url'",
                "{'resourceType':'Patient','name':[{'zzzzzzzzzzz':'2020'}]} | Patient.name[0].zzzzzzzzzzz | allowed are id, extension, use, text",
                "{'resourceType':'Patient','birthDate':7} | Patient.birthDate | found the number 7; date is an existing date",
                "{'resourceType':'Patient','birthDate':null} | Patient.birthDate | found null",
                "{'resourceType':'Patient','birthDate':''} | Patient.birthDate | found an empty string",
                "{'resourceType':'Patient','birthDate':'2023-02-29'} | Patient.birthDate | found the string '2023-02-29'",
                "{'resourceType':'Patient','birthDate':{}} | Patient.birthDate | found an object",
                "{'resourceType':'Patient','deceasedDateTime':'2023-02-03T10:00:00'} | Patient.deceasedDateTime | with a time zone",
                "{'resourceType':'Patient','deceasedDateTime':'2023-02-03T10:00Z'} | Patient.deceasedDateTime | with a time zone",
                "{'resourceType':'Patient','active':'true'} | Patient.active | found the string 'true'; boolean is true or false",
                "{'resourceType':'Patient','multipleBirthInteger':1.0} | Patient.multipleBirthInteger | found the number 1.0; integer is",
                "{'resourceType':'Patient','multipleBirthInteger':1e5} | Patient.multipleBirthInteger | found the number 1E+5",
                "{'resourceType':'Patient','multipleBirthInteger':2147483648} | Patient.multipleBirthInteger | integer is",
                "{'resourceType':'Patient','telecom':[{'rank':0}]} | Patient.telecom[0].rank | from 1",
                "{'resourceType':'Patient','gender':'m'} | Patient.gender | allowed are male, female, other, unknown",
                "{'resourceType':'Patient','gender':' male'} | Patient.gender | code is",
                "{'resourceType':'Patient','id':'a_b'} | Patient.id | found the string 'a_b'; id is 1 to 64",
                "{'resourceType':'Patient','name':{'family':'x'}} | Patient.name | allowed is an array",
                "{'resourceType':'Patient','name':['x']} | Patient.name[0] | allowed is an object of type HumanName",
                "{'resourceType':'Patient','name':[null]} | Patient.name[0] | found null",
                "{'resourceType':'Patient','name':[]} | Patient.name | an array may not be empty",
                "{'resourceType':'Patient','name':[{}]} | Patient.name[0] | an object may not be empty",
                "{'resourceType':'Patient','gender':['male']} | Patient.gender | does not repeat",
                "{'resourceType':'Patient','name':[{'given':[null]}]} | Patient.name[0].given[0] | null without an extension",
                "{'resourceType':'Patient','name':[{'given':['a',null],'_given':[{'id':'a'}]}]} | Patient.name[0].given[1] | null without",
                "{'resourceType':'Patient','name':[{'_given':[7]}]} | Patient.name[0].given[0] | allowed is an object with id or extension",
                "{'resourceType':'Patient','deceasedBoolean':true,'deceasedDateTime':'2020'} | Patient.deceasedDateTime | one form of deceased[x]",
                "{'resourceType':'Patient','extension':[{'url':'u'}]} | Patient.extension[0] | neither a value nor extensions",
                "{'resourceType':'Patient','extension':[{'url':'u','valueCode':'a','extension':[{'url':'v','valueCode':'a'}]}]} | Patient.extension[0] | one of both",
                "{'resourceType':'Patient','extension':[{'valueCode':'a'}]} | Patient.extension[0].url | url is missing",
                "{'resourceType':'Observation','code':{'text':'x'}} | Observation.status | status is missing",
                "{'resourceType':'Patient','text':{'status':'empty','div':'<p/>'}} | Patient.text.div | starts with <div",
                "{'resourceType':'Patient','contained':[{'id':'o'}]} | Patient.contained[0] | resourceType is missing",
                "{'resourceType':'Patient','contained':[{'resourceType':'Device','x':1}]} | Patient.contained[0].x | Device has no element",
                "{'resourceType':'Patient','photo':[{'data':'AAA'}]} | Patient.photo[0].data | base64",
                "{'resourceType':'Patient','implicitRules':'a b'} | Patient.implicitRules | uri is",
            })
    void wrongStructure_isRefusedWithItsPath(String json, String path, String message) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> read(json))
                .withMessageContaining(message)
                .satisfies(refusal -> assertThat(refusal.path()).isEqualTo(path))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.UNPROCESSABLE));
    }

    @Test
    void severalProblems_areReportedTogether() {
        String json = "{'resourceType':'Patient','active':'x','gender':'y','name':[{'a':1},{'b':2}]}";

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> read(json))
                .satisfies(refusal -> assertThat(refusal.issues())
                        .extracting(Refusal.Issue::path)
                        .containsExactly("Patient.active", "Patient.gender", "Patient.name[0].a", "Patient.name[1].b"));
    }

    @Test
    void manyProblems_areReportedUpToTwenty() {
        String json = "{'resourceType':'Patient','name':[" + "{'a':1},".repeat(99) + "{'a':1}]}";

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> read(json))
                .satisfies(refusal -> assertThat(refusal.issues()).hasSize(20));
    }

    /** What {@link CheckedType} takes for granted of the tables. */
    @Test
    void everyType_canBeChecked() {
        StructureCheck check = new StructureCheck(Structures.r4());

        Structures.r4()
                .typeNames()
                .forEach(name -> assertThatCode(() -> check.type(name)).doesNotThrowAnyException());
    }

    private void read(String json) {
        reader.read(json.replace("\\'", "\\\"").replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /** An expression that repeats a group would need a stack as deep as the text is long. */
    @Test
    void oid_thatIsVeryLong_isJudgedLikeAnyOther() {
        String oid = "urn:oid:1" + ".1".repeat(50_000);
        String json = "{\"resourceType\":\"Patient\",\"extension\":[{\"url\":\"http://a\",\"valueOid\":\"%s\"}]}";

        new ResourceReader(Structures.r4(), ReadLimits.standard())
                .read(json.formatted(oid).getBytes(StandardCharsets.UTF_8));

        for (String wrong :
                List.of("urn:oid:3.1", "urn:oid:1", "urn:oid:1.", "urn:oid:1.01", "urn:oid:1..2", "urn:oid:1.a")) {
            assertThatThrownBy(() -> new ResourceReader(Structures.r4(), ReadLimits.standard())
                            .read(json.formatted(wrong).getBytes(StandardCharsets.UTF_8)))
                    .as(wrong)
                    .isInstanceOf(Refusal.class);
        }
    }
}
