package miroir.index.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import miroir.index.generated.Proves;
import miroir.index.structure.Structures;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

class ShapeTest {
    private static final String TAG =
            "{'system':'http://terminology.hl7.org/CodeSystem/v3-ObservationValue','code':'SUBSETTED'}";
    private static final String PATIENT =
            "{'resourceType':'Patient','id':'a','meta':{'versionId':'1','tag':[{'code':'x'}]},"
                    + "'text':{'status':'empty','div':'<div xmlns=\\'http://www.w3.org/1999/xhtml\\'>x</div>'},"
                    + "'contained':[{'resourceType':'Basic','id':'c','code':{'text':'c'}}],"
                    + "'extension':[{'url':'http://e','valueCode':'e'}],"
                    + "'modifierExtension':[{'url':'http://m','valueCode':'m'}],"
                    + "'name':[{'family':'Martin','_family':{'extension':[{'url':'http://f','valueCode':'f'}]}}],"
                    + "'birthDate':'1970','_birthDate':{'extension':[{'url':'http://b','valueCode':'b'}]},"
                    + "'deceasedBoolean':true,'maritalStatus':{'text':'m'},"
                    + "'_multipleBirthInteger':{'extension':[{'url':'http://i','valueCode':'i'}]}}";

    private final ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());

    @Test
    void whole_isTheResourceItself() {
        RawBsonDocument resource = read(PATIENT);

        assertThat(Shape.whole().of(resource)).isSameAs(resource);
    }

    @Test
    void summary_keepsWhatIsMarkedWithItsExtensions() {
        assertThat(shaped(Shape.summary(), PATIENT))
                .isEqualTo(
                        "{'resourceType':'Patient','id':'a','meta':{'versionId':'1','tag':[{'code':'x'}," + TAG + "]},"
                                + "'modifierExtension':[{'url':'http://m','valueCode':'m'}],"
                                + "'name':[{'family':'Martin','_family':{'extension':[{'url':'http://f','valueCode':'f'}]}}],"
                                + "'birthDate':'1970','_birthDate':{'extension':[{'url':'http://b','valueCode':'b'}]},"
                                + "'deceasedBoolean':true}");
    }

    @Test
    void summary_insideOfAnElement_keepsWhatIsMarkedThere() {
        String plan = "{'resourceType':'Bundle','type':'collection','entry':[{'fullUrl':'urn:a',"
                + "'resource':{'resourceType':'Patient','id':'a','maritalStatus':{'text':'m'},'active':true}}]}";

        assertThat(shaped(Shape.summary(), plan))
                .isEqualTo("{'resourceType':'Bundle','type':'collection','entry':[{'fullUrl':'urn:a',"
                        + "'resource':{'resourceType':'Patient','id':'a','active':true}}],'meta':{'tag':[" + TAG
                        + "]}}");
    }

    @Test
    void summary_ofAnObjectWithoutSummaryElements_leavesItOut() {
        String synthesis =
                "{'resourceType':'EffectEvidenceSynthesis','status':'draft','population':{'reference':'a/1'},"
                        + "'exposure':{'reference':'a/1'},'exposureAlternative':{'reference':'a/1'},'outcome':{'reference':'a/1'},"
                        + "'effectEstimate':[{'description':'x'},{'description':'y'}]}";

        assertThat(shaped(Shape.summary(), synthesis))
                .doesNotContain("effectEstimate")
                .endsWith(TAG + "]}}");
    }

    @Test
    void summary_keepsMandatoryElementsThatAreNotMarkedWhole() {
        String provenance = "{'resourceType':'Provenance','target':[{'reference':'Patient/1'}],'recorded':"
                + "'2020-01-01T00:00:00Z','reason':[{'text':'r'}],'agent':[{'who':{'display':'w'}}]}";

        assertThat(shaped(Shape.summary(), provenance))
                .contains("'agent':[{'who':{'display':'w'}}]")
                .doesNotContain("reason");
    }

    @Test
    void text_keepsNarrativeAndWhatIsMandatory() {
        assertThat(shaped(Shape.text(), PATIENT))
                .startsWith("{'resourceType':'Patient','id':'a','meta':{'versionId':'1',")
                .endsWith("'text':{'status':'empty','div':'<div xmlns=\\'http://www.w3.org/1999/xhtml\\'>x</div>'}}");
        assertThat(shaped(Shape.text(), "{'resourceType':'Basic','id':'a','code':{'text':'c'},'created':'2020'}"))
                .isEqualTo("{'resourceType':'Basic','id':'a','code':{'text':'c'},'meta':{'tag':[" + TAG + "]}}");
    }

    @Test
    void data_leavesOutTheNarrativeOnly() {
        String without = shaped(Shape.data(), PATIENT);

        assertThat(without)
                .isEqualTo(PATIENT.replaceAll("'text':\\{'status'.*?</div>'},", "")
                        .replace("{'code':'x'}]", "{'code':'x'}," + TAG + "]"));
    }

    @Test
    @Proves("_elements, what is mandatory or a modifier stays")
    void elements_keepsThemAndModifiersAndWhatIsMandatory() {
        assertThat(shaped(Shape.elements(Set.of("birthDate", "multipleBirth")), PATIENT))
                .isEqualTo(
                        "{'resourceType':'Patient','id':'a','meta':{'versionId':'1','tag':[{'code':'x'}," + TAG + "]},"
                                + "'modifierExtension':[{'url':'http://m','valueCode':'m'}],"
                                + "'birthDate':'1970','_birthDate':{'extension':[{'url':'http://b','valueCode':'b'}]},"
                                + "'deceasedBoolean':true,"
                                + "'_multipleBirthInteger':{'extension':[{'url':'http://i','valueCode':'i'}]}}");
    }

    @Test
    void tag_isAddedOnceAndRecognised() {
        RawBsonDocument once = Shape.data().of(read(PATIENT));

        assertThat(SubsettedTag.isOn(read(PATIENT))).isFalse();
        assertThat(SubsettedTag.isOn(once)).isTrue();
        assertThat(Shape.data().of(once)).isEqualTo(once);
    }

    @Test
    void tag_ofFormerSystem_isRecognised() {
        String tagged = "{'resourceType':'Patient','meta':{'tag':[{'system':'%s','code':'SUBSETTED'}]}}";

        assertThat(SubsettedTag.isOn(read(tagged.formatted("http://hl7.org/fhir/v3/ObservationValue"))))
                .isTrue();
        assertThat(SubsettedTag.isOn(read(tagged.formatted("http://example.org"))))
                .isFalse();
    }

    private RawBsonDocument read(String json) {
        return reader.read(
                json.replace("\\'", "\\\"").replaceAll("(?<!\\\\)'", "\"").getBytes(StandardCharsets.UTF_8));
    }

    private String shaped(Shape shape, String json) {
        Utf8Buffer out = new Utf8Buffer(1000);
        ResourceWriter.write(shape.of(read(json)), out, false);
        return new String(out.toByteArray(), StandardCharsets.UTF_8).replace('"', '\'');
    }
}
