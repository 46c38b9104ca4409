package miroir.storage;

import java.util.ArrayList;
import java.util.List;
import miroir.index.search.Condition;
import miroir.index.store.Deadline;

/**
 * Takes a condition apart where one of its parts is met in several ways, each with an index of its own: what is in the
 * compartment of a patient refers to it as subject or as performer. One walk goes by one index, so that such a condition would
 * be tested on everything; each way by itself is a look-up.
 */
final class SplitAlternatives {
    private static final int MOST = 20;

    private final ChooseWalk chooseWalk;

    SplitAlternatives(ChooseWalk chooseWalk) {
        this.chooseWalk = chooseWalk;
    }

    /** Conditions of which every match meets at least one; the condition itself, where nothing is won. */
    List<Condition> run(String type, Condition where, Deadline deadline) {
        List<Condition> parts = FindDrivers.parts(where).toList();
        if (parts.stream().anyMatch(SplitAlternatives::isByPosition)) {
            return List.of(where);
        }
        for (Condition part : parts) {
            if (part instanceof Condition.Or or && hasSeveralIndexes(type, or, deadline)) {
                return or.parts().stream()
                        .map(alternative -> with(alternative, part, parts))
                        .toList();
            }
        }
        return List.of(where);
    }

    /** What was found by its alternatives is read so. */
    private static boolean isByPosition(Condition part) {
        return part instanceof Condition.In in && in.field().equals(StoredFields.POSITION);
    }

    private boolean hasSeveralIndexes(String type, Condition.Or or, Deadline deadline) {
        return or.parts().size() > 1
                && or.parts().size() <= MOST
                && !chooseWalk.hasIndex(type, or, deadline)
                && or.parts().stream().allMatch(alternative -> chooseWalk.hasIndex(type, alternative, deadline));
    }

    private static Condition with(Condition alternative, Condition instead, List<Condition> parts) {
        List<Condition> all = new ArrayList<>(List.of(alternative));
        parts.stream().filter(part -> part != instead).forEach(all::add);
        return new Condition.And(all);
    }

    /** The same without what the ones before it have, so that each match meets one. */
    static List<Condition> disjoint(List<Condition> alternatives) {
        List<Condition> disjoint = new ArrayList<>();
        for (int i = 0; i < alternatives.size(); i++) {
            List<Condition> parts = new ArrayList<>(List.of(alternatives.get(i)));
            alternatives.subList(0, i).forEach(before -> parts.add(new Condition.Not(before)));
            disjoint.add(new Condition.And(parts));
        }
        return disjoint;
    }
}
