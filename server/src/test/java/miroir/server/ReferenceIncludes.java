package miroir.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.SearchEntryMode;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/** What a page brings along by one advertised value of {@code _include} or {@code _revinclude}, held against HAPI's model. */
record ReferenceIncludes(RandomSearches searches) {

    /** Empty where server and reference agree about all resources of a type. */
    List<String> difference(String type, String parameter, String value) throws Exception {
        String path = "/" + type + "?_count=1000&" + parameter + "=" + value;
        Bundle page =
                DirectoryServer.read(Bundle.class, searches.server().get(path).body());
        Set<String> found = keys(page, SearchEntryMode.INCLUDE);
        Set<String> expected = parameter.equals("_include") ? referredTo(type, value) : referring(type, value);
        expected.removeAll(keys(page, SearchEntryMode.MATCH));
        if (!page.getLink(Bundle.LINK_SELF).getUrl().contains(parameter + "=" + value)) {
            return List.of(path + ": self does not say that it was heeded");
        }
        return found.equals(expected) ? List.of() : List.of(path + ": found " + found + ", expected " + expected);
    }

    private static Set<String> keys(Bundle page, SearchEntryMode mode) {
        return page.getEntry().stream()
                .filter(entry -> entry.getSearch().getMode() == mode)
                .map(BundleEntryComponent::getResource)
                .map(ReferenceIncludes::key)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> referredTo(String type, String value) {
        Set<String> there = searches.stored().values().stream()
                .flatMap(List::stream)
                .map(ReferenceIncludes::key)
                .collect(Collectors.toSet());
        Set<String> targets = new TreeSet<>();
        for (String code : value.equals("*") ? references(type) : List.of(value.substring(type.length() + 1))) {
            searches.storedOf(type).forEach(resource -> targets(resource, code).forEach(targets::add));
        }
        targets.retainAll(there);
        return targets;
    }

    private Set<String> referring(String type, String value) {
        String other = value.substring(0, value.indexOf(':'));
        String code = value.substring(other.length() + 1);
        Set<String> here =
                searches.storedOf(type).stream().map(ReferenceIncludes::key).collect(Collectors.toSet());
        return searches.storedOf(other).stream()
                .filter(resource -> targets(resource, code).anyMatch(here::contains))
                .map(ReferenceIncludes::key)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The parameters behind {@code *}: all that are advertised one by one. */
    private List<String> references(String type) {
        List<String> codes = new ArrayList<>();
        searches.metadata().getRestFirstRep().getResource().stream()
                .filter(resource -> resource.getType().equals(type))
                .flatMap(resource -> resource.getSearchInclude().stream())
                .filter(include -> !include.getValue().equals("*"))
                .forEach(include -> codes.add(include.getValue().substring(type.length() + 1)));
        return codes;
    }

    private Stream<String> targets(Resource resource, String code) {
        DefinedParameter parameter = searches.parameter(resource.fhirType(), code);
        return searches.reference().elements(resource, parameter).stream()
                .filter(Reference.class::isInstance)
                .map(element -> (IdType) ((Reference) element).getReferenceElement())
                .filter(id -> id.hasResourceType() && parameter.refersTo(id.getResourceType()))
                .filter(id -> !id.hasBaseUrl()
                        || id.getBaseUrl().equals(searches.server().base()))
                .map(id -> id.getResourceType() + "/" + id.getIdPart());
    }

    private static String key(Resource resource) {
        return resource.fhirType() + "/" + resource.getIdElement().getIdPart();
    }
}
