package miroir.server.fhir;

import miroir.index.SearchParameterRegistry;
import miroir.index.store.ResourceStore;
import miroir.server.paging.PageTokens;

/**
 * What FHIR is answered from.
 *
 * @param generation of the search configuration; links to next pages end when it changes
 * @param pageTokens make and read links to next pages, under a secret that all servers of an installation share
 */
public record FhirParts(ResourceStore store, SearchParameterRegistry registry, int generation, PageTokens pageTokens) {}
