import type { OrderState, PlanState } from './api/plans';
import type { Text } from './language';

/** Work that is announced, or ordered for a zone: shown on a road's card and in the list. */
export const planStates = {
  planned: { ja: '予定', en: 'Planned', easy: 'よてい' },
  moved: { ja: '日程変更', en: 'Moved', easy: '日が かわりました' },
  cancelled: { ja: '中止', en: 'Cancelled', easy: 'やめました' },
  done: { ja: '完了', en: 'Done', easy: 'おわりました' },
} as const satisfies Record<PlanState, Text>;

/** 作業中 of an order means that it was ordered, not that a plow was seen. */
export const orderStates = {
  checking: { ja: '現場確認中', en: 'Site being checked', easy: '人が 見に 行っています' },
  scheduled: { ja: '作業予定あり', en: 'Work scheduled', easy: '雪を どける よていです' },
  working: { ja: '作業中（指令済み）', en: 'Ordered, work under way', easy: '雪を どけるように 言いました' },
  completed: { ja: '作業完了', en: 'Completed', easy: 'おわりました' },
} as const satisfies Record<OrderState, Text>;

/** In the order of the tile layer's dispatch digit. */
export const dispatchStates: readonly (Text | null)[] = [
  null,
  { ja: '出動待機', en: 'On standby', easy: 'まっています' },
  { ja: '出動要請中', en: 'Called out', easy: '来るように 言いました' },
  { ja: '出動可（これから出動）', en: 'Accepted, on its way', easy: 'これから 来ます' },
  { ja: '出動中', en: 'Started', easy: 'はじまりました' },
  { ja: '期限超過', en: 'Overdue', easy: '時間に おくれています' },
];

/** In the order of the tile layer's digit of new snow since the last clearing. */
export const newSnowSteps: readonly (Text | null)[] = [
  null,
  { ja: '1 cm未満', en: 'under 1 cm', easy: '1 cmより 少ない' },
  ...['1–4', '5–9', '10–14', '15–19', '20–29'].map((cm) => ({ ja: `${cm} cm`, en: `${cm} cm`, easy: `${cm} cm` })),
  { ja: '30 cm以上', en: '30 cm or more', easy: '30 cmか もっと' },
];

export const workAheadMessages = {
  next: { ja: 'これからの作業', en: 'What comes next', easy: 'これから' },
  nextBrief: { ja: '次の作業', en: 'Next', easy: 'つぎ' },
  nothingBrief: { ja: '予定の情報なし', en: 'no plan received', easy: 'データは ありません' },
  nothing: {
    ja: '予定や出動指令の情報は届いていません。作業がないという意味ではありません。',
    en: 'No plan or order has been received. This does not mean that no work will come.',
    easy: 'これからの データは 来ていません。雪を どけない という いみでは ありません。',
  },
  closedFirst: {
    ja: '通行止めの間は、除雪されていても通れません。',
    en: 'While it is closed nobody may pass, cleared or not.',
    easy: '雪が なくても、今は とおれません。',
  },
  zone: { ja: '工区', en: 'Zone', easy: '雪を どける ばしょ' },
  order: { ja: '出動指令', en: 'Order', easy: '雪を どけて という おねがい' },
  asOf: { ja: '時点', en: 'as of', easy: 'の 時' },
  callOut: { ja: '出動要請', en: 'Call-out', easy: '雪を どけて という おねがい' },
  who: { ja: '担当', en: 'By', easy: 'だれが' },
  how: { ja: '出どころ', en: 'Source', easy: 'どこの データ' },
  running: { ja: '予定の時間帯です', en: 'Its time is now', easy: '今が その 時間です' },
  over: { ja: '予定の時間を過ぎました', en: 'Its time has passed', easy: 'その 時間は すぎました' },
  newSnow: { ja: '除雪後の新雪', en: 'New snow since', easy: 'そのあとに ふった 雪' },
  newSnowUnknown: { ja: '不明', en: 'not known', easy: 'わかりません' },
} as const satisfies Record<string, Text>;
