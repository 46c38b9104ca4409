package miroir.server.fhir;

import java.util.List;
import java.util.Set;
import miroir.index.SearchParameter;
import miroir.index.search.Condition;
import miroir.server.directory.RankPerson;

/**
 * Who is asked for, as conditions on practitioners: who meets an earlier one fits better, as far as a condition can tell. Where people come window by window, nobody
 * meets two of them.
 *
 * @param parameters by whose fields they are found
 * @param types of which something decides
 * @param ofRoles what of the roles of those who are found is shown
 * @param referring the parameter of roles by which they are found
 */
record DirectoryStages(
        List<Stage> stages,
        RankPerson rank,
        Set<SearchParameter> parameters,
        Set<String> types,
        Condition ofRoles,
        SearchParameter referring) {
    DirectoryStages {
        stages = List.copyOf(stages);
        parameters = Set.copyOf(parameters);
        types = Set.copyOf(types);
    }

    /**
     * One of them.
     *
     * @param place 0 where one role meets all that is asked of places, 1 where its town has more letters, 2 where it takes several roles
     * @param near whether the town has a typing error
     */
    record Stage(Condition where, int place, boolean near) {}
}
