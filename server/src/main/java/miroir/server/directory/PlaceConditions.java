package miroir.server.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import miroir.index.SearchParameter;
import miroir.index.search.Condition;

/** What a practitioner has to meet to work where is asked, in stages: what fits best first. */
public final class PlaceConditions {
    private final AskedPlace asked;
    private final RoleLinks links;
    private final Function<String, SearchParameter> parameters;

    /**
     * What is asked.
     *
     * @param parameters of organizations by their codes; only those are needed of which something is asked
     */
    public PlaceConditions(AskedPlace asked, RoleLinks links, Function<String, SearchParameter> parameters) {
        this.asked = asked;
        this.links = links;
        this.parameters = parameters;
    }

    private TextFields field(String code) {
        return new TextFields(parameters.apply(code));
    }

    /**
     * One way to work where is asked.
     *
     * @param place 0 where one role meets all of it, 1 where its town only begins as it is called or has more words, 2 where it takes several roles
     * @param near whether the town has a typing error
     */
    public record Stage(Condition condition, int place, boolean near) {}

    /**
     * The ways, those with a typing error only where that is tolerated.
     *
     * @param exclusive whether nobody may be in two of them, which takes a look more; otherwise somebody may
     */
    public List<Stage> stages(boolean fuzzy, boolean exclusive) {
        List<Condition> organization = ofOrganization();
        if (organization.isEmpty() && !asked.hasAddress()) {
            return List.of(new Stage(Condition.all(), 0, false));
        }
        List<Condition> address = ofAddress(ofCity());
        Condition byOne = links.worksAt(joined(organization, address));
        Condition others = exclusive ? new Condition.Not(byOne) : Condition.all();
        List<Stage> stages = new ArrayList<>(byOneRole(organization, byOne, exclusive));
        if (!organization.isEmpty() && !address.isEmpty()) {
            Condition bySeveral =
                    new Condition.And(List.of(links.worksAt(organization), links.worksAt(address), others));
            stages.add(new Stage(bySeveral, 2, false));
        }
        if (fuzzy && !asked.cities().isEmpty()) {
            Condition nearly = field("address-city").isNearly(asked.cities());
            if (!nearly.isNone()) {
                Condition near = links.worksAt(joined(organization, ofAddress(List.of(nearly))));
                stages.add(new Stage(new Condition.And(List.of(near, others)), 0, true));
            }
        }
        return stages;
    }

    /** Whoever asks for Lens means that, and would find Lens-Lestang as well. */
    private List<Stage> byOneRole(List<Condition> organization, Condition byOne, boolean exclusive) {
        if (asked.cities().isEmpty()) {
            return List.of(new Stage(byOne, 0, false));
        }
        Condition exactly = field("address-city").is(asked.cities());
        Condition there = links.worksAt(joined(organization, ofAddress(List.of(exactly))));
        Condition others = exclusive ? new Condition.And(List.of(byOne, new Condition.Not(there))) : byOne;
        return List.of(new Stage(there, 0, false), new Stage(others, 1, false));
    }

    private List<Condition> ofOrganization() {
        AskedName called = asked.organization();
        if (called == null) {
            return List.of();
        }
        TextFields name = field("name");
        List<Condition> words = new ArrayList<>();
        called.words().forEach(word -> words.add(name.hasWord(word)));
        if (words.isEmpty()) {
            called.initials().forEach(letter -> words.add(name.hasWord(letter)));
        }
        return words;
    }

    private List<Condition> ofCity() {
        if (asked.cities().isEmpty()) {
            return List.of();
        }
        TextFields city = field("address-city");
        return List.of(
                new Condition.Or(asked.cities().stream().map(city::hasWord).toList()));
    }

    private List<Condition> ofAddress(List<Condition> ofCity) {
        List<Condition> address = new ArrayList<>(ofCity);
        asked.street().forEach(word -> address.add(field("address-line").hasWord(word)));
        Condition codes = asked.codes();
        if (codes != null) {
            address.add(codes);
        }
        return address;
    }

    private static List<Condition> joined(List<Condition> some, List<Condition> others) {
        List<Condition> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }
}
