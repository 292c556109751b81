// Where our descriptions differ from the official SDK's types on purpose. `is` matches what members.mjs says of a difference.
export const differences = [
  {
    is: /^V[45] (AddContact\w+|UpdateContact|UpdateContactAddress|DeleteContactAddress)Request\.revision: nullable/,
    reason: 'A revision is required, and null is none: services of this kind answer 400 "revision must not be empty".',
  },
  {
    is: /^V[45] MergeContactsRequest\.targetContactRevision: nullable/,
    reason: 'The revision of a merge is required, too.',
  },
  {
    is: /^V4 (ListFacets|GetLabel|ListLabels|ListExtendedFields)Request\.(language|namespace|startsWith): nullable/,
    reason: 'A query string has no null: the SDK leaves a parameter out that is null (V4).',
  },
  {
    is: /^V4 Paging\.(limit|offset): nullable/,
    reason: 'The same, of a page that is asked for in a query string.',
  },
  {
    is: /^V5 (FindMatchingContacts|ListDeletedContacts|DeleteContact)Request\.\w+: nullable|^V5 CursorPaging\.(limit|cursor): nullable/,
    reason: 'A query string has no null (V5).',
  },
  {
    is: /^V5 Contact\.(id|revision): nullable/,
    reason: 'No answer is known that lacks the id or the revision of a contact; required in answers is an inference.',
  },
  {
    is: /^V5 Contact\.(id|revision): readOnly/,
    reason: 'Updates carry the revision within the contact, and bulk updates the id as well.',
  },
  {
    is: /^V4 UpdateLabelRequest\.language: nullable/,
    reason: 'In a PATCH null is a wish to clear something, and a language is nothing that a label has.',
  },
  {
    is: /^V4 PrimaryPhone\.countryCode: readOnly/,
    reason: 'The member that this is part of is read-only, as are its other parts.',
  },
  {
    is: /^V5 ApplicationError\.data: /,
    reason: 'The data of an item\'s error has the members of all codes, each of which may be missing; null is read as none of them.',
  },
  {
    is: /^V[45] \w+\.(country|countryCode): m(in|ax)Length/,
    reason: 'The format COUNTRY, which OpenAPI lacks, is ISO 3166-1 alpha-2: two letters.',
  },
  {
    is: /^V4 \w+\.language: m(in|ax)Length/,
    reason: 'The format LANGUAGE, which OpenAPI lacks, is ISO 639-1: two letters.',
  },
  {
    is: /^V[45] (Cursor)?Paging\.(limit|offset): minimum/,
    reason: 'There are no pages of less than nothing, nor any before the first entry.',
  },
  {
    is: /^V4 Paging\.limit: maximum is undefined, ours 2000/,
    reason: 'A page of labels has at most 2,000, by the text of the reference.',
  },
  {
    is: /^V5 FindMatchingContactsResponse\.contacts: maxItems/,
    reason: 'At most 100 matches are found, by the text of the reference.',
  },
  {
    is: /^V4 (Preview)?MergeContactsRequest\.sourceContactIds: format/,
    reason: 'The ids of contacts are GUIDs, as those of all other members that name contacts.',
  },
  {
    is: /^V4 DuplicateContactExists\.duplicateEmail: format/,
    reason: 'What a contact was given as its email need be none, so an error that repeats it is not refused for its form.',
  },
  {
    is: /^V4 (StreetAddress\.formattedAddressLine|Address\.formattedAddress): ours alone/,
    reason: 'Internal types of the SDK have it, answers may as well, and an edit of the address has to take it off.',
  },
  {
    is: /^V5 \w+ INVALID_REVISION: ours alone/,
    reason: 'No operation declares how a stale revision is refused. Siblings of the service do it so: a strong inference.',
  },
];
