package miroir.server.audit;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.store.KeptAudit;
import miroir.index.store.KeptAudit.Note;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/** Notes as AuditEvents of FHIR R4. */
public final class AuditEvents {
    private static final String INTERACTIONS = "http://hl7.org/fhir/restful-interaction";
    private static final String DICOM = "http://dicom.nema.org/resources/ontology/DCM";

    /** What FHIR has no codes for. */
    private static final String OWN_INTERACTIONS = "urn:miroir:interaction";

    private static final String ADMINISTRATION = "urn:miroir:administration";

    /** The code that FHIR has, by ours. Others are operations. */
    private static final Map<String, String> CODES = Map.ofEntries(
            Map.entry("read", "read"),
            Map.entry("vread", "vread"),
            Map.entry("update", "update"),
            Map.entry("conditional-update", "update"),
            Map.entry("patch", "patch"),
            Map.entry("conditional-patch", "patch"),
            Map.entry("delete", "delete"),
            Map.entry("conditional-delete", "delete"),
            Map.entry("create", "create"),
            Map.entry("conditional-create", "create"),
            Map.entry("search-type", "search-type"),
            Map.entry("search-system", "search-system"),
            Map.entry("search-compartment", "search"),
            Map.entry("history-instance", "history-instance"),
            Map.entry("history-type", "history-type"),
            Map.entry("history-system", "history-system"),
            Map.entry("batch", "batch"),
            Map.entry("transaction", "transaction"));

    private static final Map<String, String> ACTIONS = Map.ofEntries(
            Map.entry("create", "C"),
            Map.entry("read", "R"),
            Map.entry("vread", "R"),
            Map.entry("history-instance", "R"),
            Map.entry("history-type", "R"),
            Map.entry("history-system", "R"),
            Map.entry("meta", "R"),
            Map.entry("update", "U"),
            Map.entry("patch", "U"),
            Map.entry("meta-add", "U"),
            Map.entry("meta-delete", "U"),
            Map.entry("delete", "D"),
            Map.entry("erase", "D"));

    private static final Set<String> LOG_INS = Set.of("LOG_IN", "SETUP");

    private AuditEvents() {}

    /** The event of a note. */
    public static BsonDocument of(Note note) {
        BsonDocument content = note.content();
        BsonDocument event = new BsonDocument("resourceType", new BsonString("AuditEvent"))
                .append("id", new BsonString(note.id().toString()))
                .append(
                        "type",
                        coding("http://terminology.hl7.org/CodeSystem/audit-event-type", "rest", "RESTful Operation"))
                .append("subtype", subtypes(content))
                .append("action", new BsonString(action(content)))
                .append("recorded", new BsonString(note.id().at().toString()));
        appendOutcome(event, content);
        return event.append("agent", list(agent(content)))
                .append("source", new BsonDocument("observer", new BsonDocument("display", new BsonString("Miroir"))))
                .append("entity", entities(content));
    }

    private static BsonArray subtypes(BsonDocument content) {
        String interaction = text(content, KeptAudit.INTERACTION);
        BsonArray subtypes = new BsonArray();
        if (isAdministration(content)) {
            String what = text(content, KeptAudit.TYPE);
            subtypes.add(coding(ADMINISTRATION, what, ""));
            if (LOG_INS.contains(what)) {
                subtypes.add(coding(DICOM, "110122", "Login"));
            } else if (what.equals("LOG_OUT")) {
                subtypes.add(coding(DICOM, "110123", "Logout"));
            }
            return subtypes;
        }
        String code = CODES.getOrDefault(interaction, "operation");
        subtypes.add(coding(INTERACTIONS, code, ""));
        if (!code.equals(interaction)) {
            subtypes.add(coding(OWN_INTERACTIONS, interaction, ""));
        }
        return subtypes;
    }

    private static boolean isAdministration(BsonDocument content) {
        return text(content, KeptAudit.INTERACTION).equals("admin");
    }

    private static String action(BsonDocument content) {
        String interaction = text(content, KeptAudit.INTERACTION);
        return ACTIONS.getOrDefault(CODES.getOrDefault(interaction, interaction), "E");
    }

    private static void appendOutcome(BsonDocument event, BsonDocument content) {
        String outcome = text(content, KeptAudit.OUTCOME);
        if (outcome.isEmpty()) {
            event.append(
                    "outcomeDesc",
                    new BsonString("not known: it is being worked on, or the server ended before it was answered"));
            return;
        }
        String more = content.containsKey(BoundedRefusals.MORE)
                ? ", and " + content.getNumber(BoundedRefusals.MORE).longValue() + " more"
                : "";
        event.append("outcome", new BsonString(Outcome.named(outcome).code()))
                .append("outcomeDesc", new BsonString(text(content, NoteFields.STATUS) + more));
    }

    /** Who has no name is told by his address. */
    private static BsonDocument agent(BsonDocument content) {
        String who = text(content, KeptAudit.WHO);
        BsonDocument agent = new BsonDocument();
        if (!who.isEmpty()) {
            agent.append("who", new BsonDocument("identifier", new BsonDocument("value", new BsonString(who))))
                    .append("name", new BsonString(who.substring(who.indexOf('/') + 1)));
        }
        agent.append("requestor", BsonBoolean.TRUE);
        String address = text(content, NoteFields.ADDRESS);
        if (!address.isEmpty()) {
            agent.append(
                    "network",
                    new BsonDocument("address", new BsonString(address)).append("type", new BsonString("2")));
        }
        return agent;
    }

    private static BsonArray entities(BsonDocument content) {
        BsonArray entities = list(asked(content));
        if (content.containsKey(NoteFields.ENTRIES)) {
            addEntries(entities, content);
        } else {
            texts(content, NoteFields.WRITTEN).forEach(version -> entities.add(referring(version)));
        }
        return entities;
    }

    /** What was asked for, and what there is to say of the request. */
    private static BsonDocument asked(BsonDocument content) {
        BsonDocument asked = new BsonDocument();
        String type = text(content, KeptAudit.TYPE);
        String id = text(content, KeptAudit.ID);
        String query = text(content, NoteFields.QUERY);
        if (isAdministration(content)) {
            if (!id.isEmpty()) {
                asked.append("name", new BsonString(id));
            }
        } else if (!id.isEmpty()) {
            asked.append("what", reference(type + "/" + id));
        }
        if (!query.isEmpty() && !asked.containsKey("name")) {
            asked.append(
                    "query",
                    new BsonString(Base64.getEncoder().encodeToString(query.getBytes(StandardCharsets.UTF_8))));
        }
        BsonArray details = new BsonArray();
        for (String field : List.of(
                KeptAudit.TYPE,
                NoteFields.SECOND,
                NoteFields.REQUEST,
                NoteFields.TOKEN,
                NoteFields.STATUS,
                NoteFields.MILLIS)) {
            addDetail(details, field, text(content, field));
        }
        return asked.append("detail", details);
    }

    private static void addEntries(BsonArray entities, BsonDocument content) {
        BsonArray entries = content.getArray(NoteFields.ENTRIES);
        BsonArray answers = content.getArray(NoteFields.ANSWERS, new BsonArray());
        for (int i = 0; i < entries.size(); i++) {
            BsonDocument answer = i < answers.size() ? answers.get(i).asDocument() : new BsonDocument();
            BsonArray details = new BsonArray();
            addDetail(details, NoteFields.STATUS, text(answer, NoteFields.STATUS));
            BsonDocument entity = new BsonDocument();
            List<String> written = texts(answer, NoteFields.WRITTEN);
            if (!written.isEmpty()) {
                entity.append("what", reference(written.get(0)));
            }
            entity.append("description", entries.get(i));
            if (!details.isEmpty()) {
                entity.append("detail", details);
            }
            entities.add(entity);
            written.stream().skip(1).forEach(version -> entities.add(referring(version)));
        }
    }

    private static BsonDocument referring(String version) {
        return new BsonDocument("what", reference(version));
    }

    private static BsonDocument reference(String to) {
        return new BsonDocument("reference", new BsonString(to));
    }

    private static void addDetail(BsonArray details, String type, String value) {
        if (!value.isEmpty()) {
            details.add(new BsonDocument("type", new BsonString(type)).append("valueString", new BsonString(value)));
        }
    }

    private static BsonDocument coding(String system, String code, String display) {
        BsonDocument coding = new BsonDocument("system", new BsonString(system)).append("code", new BsonString(code));
        return display.isEmpty() ? coding : coding.append("display", new BsonString(display));
    }

    private static String text(BsonDocument content, String field) {
        BsonValue value = content.get(field);
        if (value == null) {
            return "";
        }
        return value.isNumber()
                ? String.valueOf(value.asNumber().longValue())
                : value.asString().getValue();
    }

    private static List<String> texts(BsonDocument content, String field) {
        return content.getArray(field, new BsonArray()).stream()
                .map(value -> value.asString().getValue())
                .toList();
    }

    private static BsonArray list(BsonDocument one) {
        return new BsonArray(List.of(one));
    }
}
