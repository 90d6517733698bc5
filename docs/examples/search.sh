# The five best letters of the army of liberation, then one document whole.
curl --fail --get 'https://search.example/api/v1/search' \
  --data-urlencode 'q=جيش التحرير' -d limit=5
curl --fail 'https://search.example/api/v1/documents/seeds/essays/rayak-ar.md'
