package miroir.server.admin;

import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.access.EditSettings;
import miroir.server.access.EditSettings.Chosen;
import miroir.server.configuration.PresentConfiguration;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.configuration.Setting;
import miroir.server.pipeline.Exchange;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;

/** What administrators see of the configuration, and set of it: what is set is read by the same code as the file, and refused in the same words. */
public final class SettingActions {
    /** How many characters a value may have: lists of hosts are long. */
    public static final int LONGEST = 2_000;

    private final PresentConfiguration configuration;
    private final EditSettings edit;

    public SettingActions(PresentConfiguration configuration, EditSettings edit) {
        this.configuration = configuration;
        this.edit = edit;
    }

    AdminAnswer answer(Exchange exchange, AdminBody body, long version) {
        String key = exchange.adminCall().name();
        return switch (exchange.adminCall().route()) {
            case LIST_SETTINGS ->
                AdminAnswer.of(new BsonDocument(
                        "settings", list().stream().map(SettingActions::shown).collect(AdminAnswer.list())));
            case GET_SETTING -> shown(require(key), HttpServletResponse.SC_OK);
            case PUT_SETTING -> put(exchange, key, body.saidText("value").strip(), version);
            case DELETE_SETTING -> remove(key, version);
            default -> throw new IllegalArgumentException(exchange.adminCall().route() + " is about something else");
        };
    }

    /** What counts at present. */
    public ServerConfiguration present() {
        return configuration.get();
    }

    /** All keys that are read, as they are at present. */
    public List<ShownSetting> list() {
        Map<String, Chosen> set = edit.list().stream().collect(Collectors.toMap(Chosen::key, Function.identity()));
        Map<String, Setting> ofFile = configuration.ofFile().file().settings().stream()
                .collect(Collectors.toMap(Setting::key, Function.identity()));
        return configuration.get().file().settings().stream()
                .map(each -> new ShownSetting(
                        each,
                        ofFile.getOrDefault(each.key(), each),
                        each.isChangeable() ? set.get(each.key()) : null,
                        configuration.whyNot(each.key())))
                .toList();
    }

    private ShownSetting require(String key) {
        List<ShownSetting> all = list();
        return all.stream()
                .filter(each -> each.present().key().equals(key))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.NOT_FOUND,
                        "there is no setting \"" + Refusal.shown(key) + "\"; those that can be set here are "
                                + all.stream()
                                        .map(ShownSetting::present)
                                        .filter(Setting::isChangeable)
                                        .map(Setting::key)
                                        .collect(Collectors.joining(", "))));
    }

    private AdminAnswer put(Exchange exchange, String key, String value, long version) {
        Setting present = require(key).present();
        requireChangeable(present);
        requireValue(present, value);
        Map<String, String> values = counting();
        values.put(key, value);
        requirePossible(values, Refusal.Reason.INVALID);
        exchange.note().concerns(value);
        edit.put(key, value, exchange.consumer(), version);
        return shown(require(key), version == 0 ? HttpServletResponse.SC_CREATED : HttpServletResponse.SC_OK);
    }

    /** What is set beside it has to fit to the file's value. */
    private AdminAnswer remove(String key, long version) {
        Map<String, String> values = counting();
        values.remove(key);
        requirePossible(values, Refusal.Reason.CONFLICT);
        edit.remove(key, version);
        return AdminAnswer.nothing();
    }

    private static void requireChangeable(Setting setting) {
        if (!setting.isChangeable()) {
            throw new Refusal(
                    Refusal.Reason.CONFLICT,
                    setting.key() + " counts from the start of a server, and is changed in its file, server.yaml");
        }
    }

    /** What is nothing where nobody says otherwise may be set to nothing. */
    private static void requireValue(Setting setting, String value) {
        int fewest = setting.byDefault().isEmpty() ? 0 : 1;
        if (value.length() < fewest || value.length() > LONGEST) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    setting.key() + ": a value of " + value.length() + " characters; allowed are " + fewest + " to "
                            + LONGEST);
        }
    }

    /** All that is set and counts, by key. */
    private Map<String, String> counting() {
        Map<String, String> values = new HashMap<>();
        edit.list().stream()
                .filter(each -> configuration.whyNot(each.key()).isEmpty())
                .forEach(each -> values.put(each.key(), each.value()));
        return values;
    }

    private void requirePossible(Map<String, String> values, Refusal.Reason otherwise) {
        try {
            configuration.with(values);
        } catch (ConfigurationRefused refused) {
            throw new Refusal(otherwise, Refusal.shown(PresentConfiguration.sentence(refused)));
        }
    }

    private static AdminAnswer shown(ShownSetting setting, int status) {
        return new AdminAnswer(status, setting.version(), shown(setting));
    }

    private static BsonDocument shown(ShownSetting shown) {
        Setting setting = shown.present();
        BsonDocument document = new BsonDocument("key", new BsonString(setting.key()));
        if (setting.isSecret()) {
            document.append("secret", BsonBoolean.TRUE);
        } else {
            document.append("value", new BsonString(setting.value()))
                    .append("default", new BsonString(setting.byDefault()));
        }
        document.append("origin", new BsonString(word(setting))).append("from", new BsonString(setting.from()));
        document.append("changeable", BsonBoolean.valueOf(setting.isChangeable()));
        if (!setting.choices().isEmpty()) {
            document.append("choices", AdminAnswer.texts(setting.choices()));
        }
        shown.chosen().ifPresent(chosen -> document.append("set", set(shown, chosen)));
        return document.append("meaning", new BsonString(shown.meaning()));
    }

    private static BsonDocument set(ShownSetting shown, Chosen chosen) {
        BsonDocument set = new BsonDocument("value", new BsonString(chosen.value()))
                .append("by", new BsonString(chosen.by()))
                .append("at", new BsonString(Objects.toString(chosen.at(), "")))
                .append("version", new BsonInt64(chosen.version()))
                .append("insteadOf", new BsonString(shown.ofFile().value()));
        return shown.whyNot().isEmpty() ? set : set.append("refused", new BsonString(shown.whyNot()));
    }

    private static String word(Setting setting) {
        return setting.origin().name().toLowerCase(Locale.ROOT);
    }
}
