import type { Bilingual } from './language';

export const messages = {
  siteName: { ja: '雪道', en: 'yukimichi' },
  siteSubject: { ja: '除雪状況マップ', en: 'Snow clearing map' },
  mapLabel: {
    ja: '除雪状況の地図。矢印キーで移動、＋と－で拡大縮小、Enterで中央の道路を選択',
    en: 'Map of snow clearing. Arrow keys move, + and − zoom, Enter selects the road at the centre',
  },
  zoomIn: { ja: '拡大', en: 'Zoom in' },
  zoomOut: { ja: '縮小', en: 'Zoom out' },
  attributionToggle: { ja: '出典を表示', en: 'Show attribution' },
  close: { ja: '閉じる', en: 'Close' },
  loading: { ja: '読み込み中…', en: 'Loading…' },
  loadingMap: { ja: '地図を読み込み中…', en: 'Loading the map…' },

  simulated: { ja: '模擬データ', en: 'SIMULATED DATA' },
  simulatedMeaning: { ja: '実際の道路の状況ではありません', en: 'Not real road conditions' },

  lastContact: { ja: '最終通信', en: 'Last contact' },
  contactGood: { ja: '受信中', en: 'Live' },
  contactDelayed: { ja: '通信が途切れています', en: 'Connection interrupted' },
  contactLost: { ja: 'サーバーと通信できません', en: 'No contact with the server' },
  contactLostMeaning: {
    ja: '現在の状況は確認できません。すべての道路を「未確認」として表示しています。',
    en: 'The present state is unknown. Every road is drawn as “unconfirmed”.',
  },
  unanswered: { ja: 'サーバーが応答しません', en: 'The server does not answer' },
  connecting: { ja: 'サーバーに接続中…', en: 'Connecting to the server…' },

  noWebgl: { ja: '地図を表示できません', en: 'The map cannot be drawn' },
  noWebglReason: {
    ja: 'このブラウザーでは WebGL 2 が使えません。ブラウザーを更新するか、ハードウェアアクセラレーションを有効にしてください。',
    en: 'WebGL 2 is not available in this browser. Please update it, or switch on hardware acceleration.',
  },
  mapFailed: { ja: '地図を読み込めませんでした', en: 'The map could not be loaded' },
  mapFailedReason: {
    ja: '通信状況を確認して、ページを再読み込みしてください。',
    en: 'Please check your connection and reload the page.',
  },
  serverFailed: { ja: 'サーバーに接続できません', en: 'The server cannot be reached' },
  serverFailedReason: {
    ja: '自動的に再接続しています。このままお待ちください。',
    en: 'Reconnecting by itself. Please wait.',
  },
  reload: { ja: '再読み込み', en: 'Reload' },

  legend: { ja: '凡例', en: 'Legend' },
  legendAges: { ja: '最後の除雪からの時間', en: 'Time since last cleared' },
  legendStates: { ja: 'その他の状態', en: 'Other states' },
  legendRestrictions: { ja: '通行規制（通れる区間）', en: 'Restrictions (open to traffic)' },
  legendSides: {
    ja: '拡大すると進行方向別の線（左側通行）',
    en: 'Zoomed in: a line per direction (traffic keeps left)',
  },
  legendNoData: {
    ja: '「データなし」は未除雪とは限りません',
    en: '“No data” does not mean “not cleared”',
  },

  road: { ja: '道路の状況', en: 'Road status' },
  unnamedRoad: { ja: '名称のない道路', en: 'Unnamed road' },
  owner: { ja: '道路管理者', en: 'Road manager' },
  ownerUnknown: { ja: '不明', en: 'unknown' },
  ownerNameUnknown: { ja: '管理者名は不明', en: 'name unknown' },
  priority: { ja: '除雪の優先度', en: 'Clearing priority' },
  bothDirections: { ja: '両方向', en: 'Both directions' },
  alongLine: { ja: '順方向', en: 'Along the line' },
  againstLine: { ja: '逆方向', en: 'Against the line' },
  oneWay: { ja: '一方通行', en: 'One-way' },
  lastCleared: { ja: '最終除雪', en: 'Last cleared' },
  notClearedYet: { ja: '除雪の記録なし', en: 'No clearing on record' },
  passedOnly: { ja: '通過のみ', en: 'Passed only' },
  passedNotCleared: {
    ja: '除雪車が通過しましたが、除雪したことは確認できていません。',
    en: 'A plow passed, but clearing is not confirmed.',
  },
  lastPass: { ja: '最終通過', en: 'Last pass' },
  work: { ja: '作業', en: 'Work' },
  confidence: { ja: '確かさ', en: 'Certainty' },
  length: { ja: '区間の長さ', en: 'Length' },
  history: { ja: '除雪車の通過記録', en: 'Plow passes' },
  historyEmpty: { ja: '記録はまだありません', en: 'None yet' },
  sources: { ja: '情報源', en: 'Data sources' },
  sourcesNone: { ja: 'この道路の情報源はありません', en: 'No source covers this road' },
  noDataBecauseNoSource: {
    ja: 'この道路の除雪状況を知らせる情報源がまだありません。除雪されていないという意味ではありません。',
    en: 'No data source reports on this road yet. This does not mean that it has not been cleared.',
  },
  noDataBecauseOwnerUnknown: {
    ja: '道路管理者が分からないため、どの情報源にも結び付けられていません。除雪されていないという意味ではありません。',
    en: 'Its road manager is unknown, so no data source is tied to it. This does not mean that it has not been cleared.',
  },
  noDataBecauseNoPass: {
    ja: '情報源はありますが、この道路の記録をまだ受け取っていません。除雪されていないという意味ではありません。',
    en: 'A data source exists, but nothing on this road has been received yet. This does not mean that it has not been cleared.',
  },
  roadNotFound: { ja: 'この道路の情報が見つかりません', en: 'Nothing is known of this road' },
  roadFailed: { ja: '道路の情報を取得できません。再試行しています。', en: 'The road’s status cannot be fetched. Retrying.' },
  roadStale: { ja: '更新が止まっています。表示は前回の情報です。', en: 'Updates have stopped. This is the last known state.' },

  feedsExplained: {
    ja: '各道路管理者から届くデータの新しさ',
    en: 'How fresh each road manager’s data is',
  },
  feedsEmpty: { ja: '情報源が設定されていません', en: 'No data source is set up' },
  feedInterval: { ja: '更新間隔', en: 'Every' },
  feedLastFact: { ja: '最新の位置情報', en: 'Newest position' },
  feedCounts: { ja: '受信 / 不採用', en: 'Received / refused' },
  feedError: { ja: '最後のエラー', en: 'Last error' },
  licence: { ja: 'ライセンス', en: 'Licence' },
  softwareLicences: { ja: 'このページが使うソフトウェア', en: 'Software used by this page' },
  never: { ja: '未受信', en: 'never' },
} as const satisfies Record<string, Bilingual>;
