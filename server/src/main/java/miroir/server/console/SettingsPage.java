package miroir.server.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import miroir.server.access.EditSettings.Chosen;
import miroir.server.admin.ShownSetting;
import miroir.server.configuration.KeyMeanings;
import miroir.server.configuration.Setting;
import miroir.server.pages.Language;
import org.jspecify.annotations.Nullable;

/** The configuration: what may be changed here, and all there is, by sections. */
record SettingsPage(View view, List<ShownSetting> settings) {
    private static final String NOTHING = "–";

    SettingsPage {
        settings = List.copyOf(settings);
    }

    List<ShownSetting> changeable() {
        return settings.stream().filter(each -> each.present().isChangeable()).toList();
    }

    Map<String, List<ShownSetting>> sections() {
        Map<String, List<ShownSetting>> sections = new LinkedHashMap<>();
        settings.forEach(each -> sections.computeIfAbsent(each.present().section(), name -> new ArrayList<>())
                .add(each));
        return sections;
    }

    String value(Setting setting) {
        if (setting.isSecret()) {
            return view.say(setting.origin() == Setting.Origin.DEFAULT ? "setting.unset" : "setting.secret");
        }
        return setting.value().isEmpty() ? NOTHING : setting.value();
    }

    static String byDefault(Setting setting) {
        return setting.byDefault().isEmpty() ? NOTHING : setting.byDefault();
    }

    /** Who says what it is. */
    String origin(ShownSetting shown) {
        Setting setting = shown.present();
        return switch (setting.origin()) {
            case DEFAULT -> view.say("setting.byDefault");
            case FILE -> view.say("setting.byFile", setting.from());
            case ENVIRONMENT -> view.say("setting.byEnvironment", setting.from());
            case CONSOLE -> shown.chosen().map(this::chosen).orElse("");
        };
    }

    private String chosen(Chosen chosen) {
        String who = chosen.by();
        return view.say("setting.byConsole", who.substring(who.indexOf('/') + 1), view.when(chosen.at()));
    }

    /** What it means, in French where there are words for it. */
    String meaning(ShownSetting shown) {
        return french(shown) == null ? shown.meaning() : Objects.requireNonNull(french(shown));
    }

    /** In which language that is, where it is not the page's. */
    @Nullable
    String languageOfMeaning(ShownSetting shown) {
        return french(shown) == null ? "en" : null;
    }

    private @Nullable String french(ShownSetting shown) {
        return view.language() == Language.FR
                ? FrenchWords.SETTINGS.find(KeyMeanings.known(shown.present().key()))
                : null;
    }

    /** A key where no dot may stand. */
    static String id(ShownSetting shown) {
        return shown.present().key().replace('.', '-');
    }

    /** What is in the field before somebody types. */
    String typed(ShownSetting shown) {
        return view.typed(
                "PUT_SETTING/" + shown.present().key(), "value", shown.present().value());
    }
}
